"""Fixtures for the tests of applications: a real XCAP server on a free loopback port.

Installing the package is enough, pytest finds them. Nothing is imported until a test asks for a server.

    def test_my_softphone(xcap_server):
        with xcap_server.client("sip:alice@example.org") as xcap:
            ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from xcap_sdk.server.run import RunningServer

    XcapServerFactory: TypeAlias = Callable[..., RunningServer]


def _start(**options: Any) -> RunningServer:
    try:
        from xcap_sdk.server.run import RunningServer
    except ModuleNotFoundError as error:
        pytest.fail(
            f"the fixture xcap_server needs {error.name}: pip install 'xcap-sdk[server]'", pytrace=False
        )
    return RunningServer(**options)


@pytest.fixture(scope="session")
def xcap_session_server() -> Iterator[RunningServer]:
    """The server behind `xcap_server`, one for a whole test run; use that one, which is empty."""
    with _start() as server:
        yield server


@pytest.fixture
def xcap_server(xcap_session_server: RunningServer) -> RunningServer:
    """An XCAP server without documents and without passwords.

    Its ``root`` is the XCAP root URI, ``storage`` holds the documents, and ``client(user)`` makes a client.
    The process of a test run has one, and each test gets it empty; it has all application usages of the SDK.
    """
    xcap_session_server.storage.clear()
    return xcap_session_server


@pytest.fixture
def xcap_server_factory() -> Iterator[XcapServerFactory]:
    """Starts XCAP servers with settings of their own; they are stopped after the test.

    It takes what ``xcap_sdk.server.create_app`` takes: ``xcap_server_factory(users={"alice": "secret"})``.
    """
    servers: list[RunningServer] = []

    def start(**options: Any) -> RunningServer:
        server = _start(**options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()
