"""Fixtures of the tests that run on every server; see `reachable`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from reachable import KINDS, Place, opened

from xcap_sdk import XcapClient


@pytest.fixture(scope="session")
def _places() -> Iterator[dict[str, Place]]:
    """The servers that were started so far; they end with the tests."""
    with contextlib.ExitStack() as stack:

        class Places(dict[str, Place]):
            def __missing__(self, kind: str) -> Place:
                self[kind] = stack.enter_context(opened(kind))
                return self[kind]

        yield Places()


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, _places: dict[str, Place]) -> Iterator[Place]:
    """Each server in turn, with a name that no document has."""
    kind: str = request.param
    there = _places[kind]
    here = Place(there.kind, there.root, there.user, there.auth)
    yield here
    here.clear()


@pytest.fixture
def xcap(place: Place) -> Iterator[XcapClient]:
    with place.client() as client:
        yield client


@pytest.fixture
def kamailio(_places: dict[str, Place]) -> Iterator[XcapClient]:
    """A client of Kamailio without authentication."""
    with _places["kamailio"].client() as client:
        yield client
