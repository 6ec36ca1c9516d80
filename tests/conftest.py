"""What all tests share: Hypothesis profiles, coverage that is kept, and the mark that ties a test to a rule of the standards."""

from __future__ import annotations

import os

import pytest
from coverage import Coverage
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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Save a worker's coverage: it is killed if it has not ended ten seconds later, as where much else runs."""
    measuring = Coverage.current()
    if measuring is not None and hasattr(session.config, "workerinput"):
        measuring.save()
