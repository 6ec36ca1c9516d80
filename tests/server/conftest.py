from __future__ import annotations

from collections.abc import Iterator

import pytest
from server_wire import Wire

from xcap_sdk.server import RunningServer


@pytest.fixture(scope="session")
def shared_wire(xcap_session_server: RunningServer) -> Iterator[Wire]:
    with Wire(xcap_session_server.root) as wire:
        yield wire


@pytest.fixture
def wire(xcap_server: RunningServer, shared_wire: Wire) -> Wire:
    """A client of an empty server without passwords."""
    return shared_wire
