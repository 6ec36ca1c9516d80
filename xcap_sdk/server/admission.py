"""What is judged before a body is read: the first eight steps of RFC 4825 §8, in its order.

1. the AUID is known, the document selector can be one: else 404
2. the XUI is known: else 404
3. the node selector has no extension that is unknown here: else 404
4. the user is known: else 401
5. the user is allowed to do this: else 403
6. all prefixes of the node selector are bound: else 400
7. the method exists: else 405
8. the method is possible on what is addressed: else 405

So strangers can find out which users there are; §8 wants the 404 first.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any, Final

from xcap_sdk.errors import InvalidAddress, InvalidSelector
from xcap_sdk.protocol.addresses import (
    Address,
    DocumentAddress,
    NamespacesAddress,
    document_of,
    parse_address,
)
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.selectors import UnknownExtension
from xcap_sdk.server.answers import not_allowed, rejected
from xcap_sdk.server.authentication import Authenticator, Refusal
from xcap_sdk.server.authorization import Access, Accounts, Policy
from xcap_sdk.server.preconditions import MalformedCondition, Preconditions
from xcap_sdk.server.records import Key
from xcap_sdk.usages import ApplicationUsage

READING: Final = ("GET", "HEAD", "OPTIONS")
WRITING: Final = ("PUT", "DELETE")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request without its body.

    Attributes:
        method: The method.
        root: The XCAP root as the client sees it.
        path: The raw path below the root.
        query: The raw query; None if there is none.
        target: The request target as received.
        headers: Header fields, names in lower case, repeats joined by commas.
    """

    method: str
    root: XcapRoot
    path: str
    query: str | None
    target: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that may be carried out.

    Attributes:
        method: GET, HEAD, OPTIONS, PUT or DELETE.
        address: What it is about.
        usage: The application usage.
        preconditions: Its conditions.
        content_type: The Content-Type as sent; None without one.
        allowed: The methods that are possible on this resource.
        user: Who asks; None where nobody has to say.
    """

    method: str
    address: Address
    usage: ApplicationUsage[Any]
    preconditions: Preconditions
    content_type: str | None
    allowed: tuple[str, ...]
    user: str | None


class Gate:
    """Lets requests in, or says why not.

    Args:
        usages: The application usages served, by AUID.
        authenticator: Checks credentials; None if nobody has to say who they are, and all may do everything.
        accounts: The users, where they are checked.
        policy: Who may do what.
        computed: The places of documents that the server makes itself, so that they are only read.
    """

    def __init__(
        self,
        usages: Mapping[str, ApplicationUsage[Any]],
        authenticator: Authenticator | None,
        accounts: Accounts,
        policy: Policy,
        computed: Container[Key],
    ) -> None:
        self._usages = usages
        self._namespaces = {
            auid: usage.namespace for auid, usage in usages.items() if usage.namespace is not None
        }
        self._authenticator = authenticator
        self._accounts = accounts
        self._policy = policy
        self._computed = computed

    def admit(self, request: Incoming) -> Admitted:
        """Judge a request.

        Raises:
            Rejected: With the answer to give.
        """
        address = self._address(request)
        document = document_of(address)
        usage = self._usages.get(document.auid)
        if usage is None:
            raise rejected(404, f"no application usage {document.auid} here")
        user = None
        if self._authenticator is not None:
            owner = None if document.xui is None else self._accounts.owner(document.xui)
            if document.xui is not None and owner is None:
                raise rejected(404, f"no user {document.xui} here")
            user = self._authenticate(self._authenticator, request)
            write = request.method not in READING
            access = Access(user, usage, document, write, user == owner, user in self._accounts.trusted)
            if not self._policy(access):
                raise rejected(403, f"{user} may not {request.method} {document.path}")
        try:
            if not isinstance(address, DocumentAddress):
                address.selector.check_bound()
            preconditions = Preconditions.parse(request.headers)
        except (InvalidSelector, MalformedCondition) as error:
            raise rejected(400, str(error)) from error
        kind = self._only_read(address, usage)
        allowed = READING if kind else (*READING, *WRITING)
        if request.method not in allowed:
            raise not_allowed(request.method, kind or "XCAP resources", *allowed)
        content_type = request.headers.get("content-type")
        return Admitted(request.method, address, usage, preconditions, content_type, allowed, user)

    def _address(self, request: Incoming) -> Address:
        try:
            return parse_address(
                request.root, request.path, request.query, default_namespaces=self._namespaces
            )
        except (InvalidAddress, UnknownExtension) as error:
            raise rejected(404, str(error)) from error
        except InvalidSelector as error:
            raise rejected(400, str(error)) from error

    def _only_read(self, address: Address, usage: ApplicationUsage[Any]) -> str | None:
        """What it is, if it is something that is only read; else None."""
        if usage.read_only:
            return f"documents of {usage.auid}, which are read only"
        if Key.of(document_of(address)) in self._computed:
            return f"{document_of(address).path}, which the server makes itself: it is read only"
        if isinstance(address, NamespacesAddress):
            return "namespace bindings, which come with their elements"
        return None

    def _authenticate(self, authenticator: Authenticator, request: Incoming) -> str:
        found = authenticator.authenticate(
            request.headers.get("authorization"), request.method, request.target
        )
        if isinstance(found, Refusal):
            challenges = authenticator.challenges(stale=found.stale)
            raise rejected(401, found.reason, *(("WWW-Authenticate", value) for value in challenges))
        return found
