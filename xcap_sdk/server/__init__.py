"""An XCAP server (RFC 4825) to develop and test against: on starlette, uvicorn and SQLite.

It needs the ``server`` extra. Names are loaded when they are first used, so that the pytest plugin costs
nothing where no test asks for a server.

    with running_server(users={"alice": "secret"}) as root:
        XcapClient(root, user="sip:alice@example.org", auth=("alice", "secret"))
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xcap_sdk.server.app import ServerOptions, create_app
    from xcap_sdk.server.authorization import Access, Policy, default_policy
    from xcap_sdk.server.connections import ConnectionLimits
    from xcap_sdk.server.records import Key, Listed, Stored
    from xcap_sdk.server.run import CannotListen, RunningServer, running_server, serve
    from xcap_sdk.server.storage import Storage, StorageError

__all__ = [
    "Access",
    "CannotListen",
    "ConnectionLimits",
    "Key",
    "Listed",
    "Policy",
    "RunningServer",
    "ServerOptions",
    "Storage",
    "StorageError",
    "Stored",
    "create_app",
    "default_policy",
    "running_server",
    "serve",
]

_HOMES = {
    "app": ("ServerOptions", "create_app"),
    "authorization": ("Access", "Policy", "default_policy"),
    "connections": ("ConnectionLimits",),
    "run": ("CannotListen", "RunningServer", "running_server", "serve"),
    "records": ("Key", "Listed", "Stored"),
    "storage": ("Storage", "StorageError"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            try:
                module = importlib.import_module(f"{__name__}.{home}")
            except ModuleNotFoundError as error:
                if error.name in {"anyio", "starlette", "uvicorn"}:
                    message = f"xcap_sdk.server needs {error.name}: pip install 'xcap-sdk[server]'"
                    raise ModuleNotFoundError(message, name=error.name) from error
                raise
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
