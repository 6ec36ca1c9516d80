"""What all tests share: Hypothesis profiles, a fixture for long tests, and the mark that ties a test to a rule of the standards."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# The same examples each time, so that a red run is due to the change; the other profiles look for new ones.
settings.register_profile("default", deadline=None, max_examples=30, derandomize=True)
settings.register_profile(
    "nightly",
    deadline=None,
    max_examples=2_000,
    derandomize=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("fuzz", settings.get_profile("nightly"), max_examples=6_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rule(*ids): the rules of docs/rfc4825-rules.md that the test shows")


@pytest.fixture
def untraced() -> Iterator[None]:
    """Coverage looks away, for what takes long and runs no lines that other tests do not run: it doubles the time."""
    tracing, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # pyright: ignore[reportArgumentType] - as its documentation says
    yield
    sys.settrace(tracing)
    threading.settrace(in_threads)  # pyright: ignore[reportArgumentType] - likewise
