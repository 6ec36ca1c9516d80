"""The server as an ASGI application."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, TypedDict

from starlette.applications import Starlette

from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server.admission import Gate
from xcap_sdk.server.authentication import Authenticator, Scheme
from xcap_sdk.server.authorization import Accounts, Policy, default_policy
from xcap_sdk.server.computed import Computed
from xcap_sdk.server.endpoint import XcapEndpoint
from xcap_sdk.server.service import DocumentService
from xcap_sdk.server.storage import Storage
from xcap_sdk.usages import ALL, ApplicationUsage

MAX_BODY: Final = 16 * 2**20
MAX_HEAD: Final = 64 * 2**10
BODY_TIMEOUT: Final = 60.0
ROOT_PATH: Final = "/xcap-root"


class ServerOptions(TypedDict, total=False):
    """The keywords of `create_app`, for those who pass them on."""

    usages: Iterable[ApplicationUsage[Any]]
    users: Mapping[str, str] | None
    xuis: Mapping[str, str] | None
    trusted: Collection[str]
    policy: Policy
    schemes: Collection[Scheme]
    realm: str
    root_path: str
    root_uri: str | None
    max_body: int
    max_head: int
    body_timeout: float
    workers: int


def create_app(
    storage: Storage,
    *,
    usages: Iterable[ApplicationUsage[Any]] = (),
    users: Mapping[str, str] | None = None,
    xuis: Mapping[str, str] | None = None,
    trusted: Collection[str] = (),
    policy: Policy = default_policy,
    schemes: Collection[Scheme] = ("digest",),
    realm: str = "xcap",
    root_path: str = ROOT_PATH,
    root_uri: str | None = None,
    max_body: int = MAX_BODY,
    max_head: int = MAX_HEAD,
    body_timeout: float = BODY_TIMEOUT,
    workers: int = 8,
) -> Starlette:
    """Make an XCAP server (RFC 4825).

    Args:
        storage: Where the documents are; it stays the caller's to close.
        usages: Application usages beside those that come with the SDK; one with the same AUID takes its
            place.
        users: User names and passwords. None asks nobody who they are and lets everyone do everything.
        xuis: Which user owns an XUI. None: users own each XUI whose user part is their name.
        trusted: Names of the users who may write the global tree (§5.7).
        policy: Who may do what, in place of the default of §5.7.
        schemes: ``digest``, ``basic`` or both. Basic sends passwords in the clear: offer it over TLS only
            (§14).
        realm: What the server calls itself when it asks for a password.
        root_path: The path of the XCAP root.
        root_uri: The XCAP root as clients see it, where a proxy stands in between; it is what conflict
            reports name. None takes it from each request.
        max_body: The largest body taken, in bytes; a larger one is answered with 413. Bodies of all requests
            together may take 16 times that; then it is 503.
        max_head: The largest request line and header fields taken, in bytes; larger ones are answered with
            431.
        body_timeout: Seconds that a client may take to send its body; then it gets 408.
        workers: How many requests are worked on at a time.

    Returns:
        An ASGI application.

    Raises:
        ValueError: An argument that cannot be, such as an unknown scheme.
        InvalidRoot: ``root_path`` or ``root_uri`` make no XCAP root.
    """
    served = {usage.auid: usage for usage in (*ALL, *usages)}
    authenticator = None if users is None else Authenticator(users, realm=realm, schemes=schemes)
    accounts = Accounts(frozenset(users or ()), xuis, frozenset(trusted))
    computed = Computed(storage, tuple(served.values()))
    endpoint = XcapEndpoint(
        Gate(served, authenticator, accounts, policy, computed),
        DocumentService(storage, computed),
        root_path=XcapRoot(f"http://localhost{root_path}").path,
        root=None if root_uri is None else XcapRoot(root_uri),
        max_body=max_body,
        max_head=max_head,
        body_timeout=body_timeout,
        workers=workers,
    )
    app = Starlette()
    # No route: a router matches decoded paths, and XCAP has to split the raw one (RFC 4825 §6.3).
    app.router.default = endpoint
    app.state.storage = storage
    return app
