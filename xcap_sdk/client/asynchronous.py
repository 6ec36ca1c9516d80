"""The asynchronous client for XCAP servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

import httpx

from xcap_sdk.client.async_trees import AsyncXcapTree
from xcap_sdk.client.base import session_for
from xcap_sdk.document import AsyncDocument
from xcap_sdk.protocol.naming import user_uri
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.transport import AsyncTransport, Network, Wire, identity_fields
from xcap_sdk.usages import ApplicationUsage

if TYPE_CHECKING:
    from xcap_sdk.protocol.addresses import (
        Address,
        AttributeAddress,
        DocumentAddress,
        ElementAddress,
        NamespacesAddress,
    )
    from xcap_sdk.protocol.conditions import Condition
    from xcap_sdk.protocol.profiles import ServerProfile
    from xcap_sdk.protocol.reply import Reply
    from xcap_sdk.repository.capabilities import AsyncCapabilitiesRepository

R = TypeVar("R")


class AsyncXcapClient(AsyncXcapTree):
    """A client of one XCAP server, for one user.

    It may be used by several threads at once.

    Args:
        root: The XCAP root URI, http or https; nothing is ever sent elsewhere.
        user: The user whose documents are meant where no other is named, as a URI: ``sip:alice@example.org``.
        auth: User name and password, given as the server asks (Digest SHA-256 or MD5, else Basic), or a
            BearerAuth, GbaAuth or any httpx.Auth; None for none.
        timeout: Seconds to connect, and between two signs of life, or an httpx.Timeout; None for those of
            ``http``, or 10 seconds.
        deadline: Seconds that one call may take in all, its tries, merges and pauses included, before it
            raises DeadlineExceeded; None for any time. A block of ``edit()`` is two calls. See `within`.
        network: How the server is reached: tries, TLS, proxy, HTTP/2, connections; None for the defaults.
        http: An httpx client to use, for hooks, say; it stays open when this client is closed. None for one
            of its own.
        headers: Header fields to send with every request.
        profile: What is known of the server: what it does right, and what must not be sent to it. None to go
            by what it calls itself; servers that nobody knows are written to with care.
        node_writes: Whether single nodes are written, whatever its profile says of that; where it does not
            vouch for them, the document is read again and compared, see `WrongResult`. None to go by it.
        intended_identity: For whom this client speaks, if its credentials are good for several identities: a
            URI, sent as X-3GPP-Intended-Identity (TS 24.623).
        preferred_identity: Likewise, sent as X-XCAP-Preferred-Identity (OMA XDM Core).
        usages: Application usages as this server has them, in place of the SDK's own of the same AUIDs: with
            another name for the default document, say, or another default namespace.

    Raises:
        InvalidRoot: The root is no absolute http(s) URI, or has a query or fragment.
        InvalidAddress: The user is no URI with a scheme.
    """

    def __init__(
        self,
        root: str,
        *,
        user: str | None = None,
        auth: tuple[str, str] | httpx.Auth | None = None,
        timeout: float | httpx.Timeout | None = None,
        deadline: float | None = None,
        network: Network | None = None,
        http: httpx.AsyncClient | None = None,
        headers: Mapping[str, str] | None = None,
        profile: ServerProfile | None = None,
        intended_identity: str | None = None,
        preferred_identity: str | None = None,
        node_writes: bool | None = None,
        usages: Iterable[ApplicationUsage[Any]] = (),
    ) -> None:
        where = XcapRoot(root)
        session = session_for(
            where,
            user,
            authenticated=auth is not None,
            profile=profile,
            node_writes=node_writes,
            usages=usages,
            network=network,
            handle=lambda held: AsyncDocument(self._transport, held),
        )
        identities = identity_fields(intended_identity, preferred_identity)
        wire = Wire(where, auth, headers, network, identities)
        transport = AsyncTransport(wire, http, timeout, deadline)
        super().__init__(transport, session, "users", user)

    @classmethod
    def from_settings(
        cls,
        *,
        env_file: Path | str | None = ".env",
        root: str | None = None,
        user: str | None = None,
        auth: tuple[str, str] | httpx.Auth | None = None,
        timeout: float | httpx.Timeout | None = None,
        deadline: float | None = None,
        network: Network | None = None,
        http: httpx.AsyncClient | None = None,
        headers: Mapping[str, str] | None = None,
        profile: ServerProfile | None = None,
        intended_identity: str | None = None,
        preferred_identity: str | None = None,
        node_writes: bool | None = None,
        usages: Iterable[ApplicationUsage[Any]] = (),
    ) -> Self:
        """A client configured by XCAP_ROOT, XCAP_USER, XCAP_USERNAME, XCAP_PASSWORD and others.

        `xcap_sdk.settings.XcapSettings` has them all. What is handed in here counts before them.

        Args:
            env_file: A file with such lines, for what the environment does not say; None for none.
            root: As for the client; None for XCAP_ROOT, which need not be set otherwise.
            user: As for the client; None for XCAP_USER.
            auth: As for the client; None for XCAP_TOKEN, or XCAP_USERNAME and XCAP_PASSWORD.
            timeout: As for the client.
            deadline: As for the client.
            network: As for the client.
            http: As for the client.
            headers: As for the client.
            profile: As for the client; None for the file that XCAP_PROFILE names, if it does.
            intended_identity: As for the client.
            preferred_identity: As for the client.
            node_writes: As for the client.
            usages: As for the client.

        Returns:
            The client.

        Raises:
            InvalidInput: XCAP_ROOT is missing, or something is no good.
        """
        from xcap_sdk.settings import load_settings

        settings = load_settings(env_file, root=root, user=user)
        return cls(
            settings.root,
            user=settings.user,
            auth=settings.auth if auth is None else auth,
            timeout=settings.timeout if timeout is None else timeout,
            deadline=settings.deadline if deadline is None else deadline,
            network=settings.network if network is None else network,
            http=http,
            headers=headers,
            profile=settings.known_profile if profile is None else profile,
            intended_identity=intended_identity or settings.intended_identity,
            preferred_identity=preferred_identity or settings.preferred_identity,
            node_writes=node_writes,
            usages=usages,
        )

    @property
    def capabilities(self) -> AsyncCapabilitiesRepository:
        """What the server can do (RFC 4825 §12)."""
        from xcap_sdk import usages
        from xcap_sdk.repository.capabilities import AsyncCapabilitiesRepository

        return AsyncCapabilitiesRepository(self._transport, self._session, usages.XCAP_CAPS, "global", None)

    @property
    def global_tree(self) -> AsyncXcapTree:
        """The documents that are nobody's own (RFC 4825 §6.2)."""
        return AsyncXcapTree(self._transport, self._session, "global", None)

    def of(self, xui: str) -> AsyncXcapTree:
        """Another user's documents.

        Args:
            xui: The user's URI: ``sip:bob@example.org``.

        Returns:
            The user's tree.

        Raises:
            InvalidAddress: It is no URI with a scheme.
        """
        return AsyncXcapTree(self._transport, self._session, "users", user_uri(xui))

    @overload
    async def get(self, address: AttributeAddress, *, force: bool = ...) -> Reply[str]: ...
    @overload
    async def get(self, address: NamespacesAddress, *, force: bool = ...) -> Reply[dict[str, str]]: ...
    @overload
    async def get(self, address: ElementAddress, *, force: bool = ...) -> Reply[None]: ...
    @overload
    async def get(self, address: DocumentAddress, *, force: bool = ...) -> Reply[Any]: ...
    async def get(self, address: Address, *, force: bool = False) -> Reply[Any]:
        """Read a document, an element, an attribute or namespace bindings (RFC 4825 §7.3, §7.6, §7.9, §7.10).

        What is remembered is asked for conditionally; the reply then has status 304 and the remembered body.

        Args:
            address: What to read.
            force: Whether to send what is known to hurt this server: a GET of namespace bindings brings some
                down.

        Returns:
            The reply. Its value is a document's model, an attribute's value, or namespaces by prefix (the
            default one under ""); None for elements, unknown usages, and bodies that are no such thing.

        Raises:
            InvalidAddress: The address is below another root; nothing was sent.
            HarmfulRequest: The server is known not to stand it, or not known to; nothing was sent.
            NotFound: It is not there, or the selector fits several.
            XcapError: The server refused, or could not be reached.
        """
        from xcap_sdk.flows import verbs

        return await self._transport.run(verbs.get(self._session, address, force=force))

    async def put(
        self,
        address: Address,
        body: bytes | str | object,
        *,
        condition: Condition | None = None,
        media_type: str | None = None,
        force: bool = False,
    ) -> Reply[None]:
        """Create or replace a document, an element or an attribute (RFC 4825 §7.1, §7.4, §7.7).

        The body goes out as it is: nothing is checked or completed.

        Args:
            address: Where to put it.
            body: Bytes as they are, text in UTF-8, or for a document or an element its model. For an
                attribute, text without quotes around it is taken for the value, and quoted and escaped.
            condition: When to write; None for the ETag that this client saw last for the document, and
                unconditionally if it saw none.
            media_type: The body's media type; None for the one that belongs there.
            force: Whether to send it at once. Otherwise a server that is not known to heed
                ``If-None-Match: *`` is asked first whether the document is there.

        Returns:
            The reply: status 201 if it was created, 200 if it was replaced, and the document's new ETag.

        Raises:
            InvalidInput: The address or body cannot be put; nothing was sent.
            AlreadyExists: The document must not be there, and is; nothing was written.
            PreconditionFailed: The condition does not hold; nothing was written.
            Conflict: The server refuses the change, and says why in an error class of its own.
            XcapError: The server refused, or could not be reached.
        """
        from xcap_sdk.flows import verbs

        return await self._transport.run(
            verbs.put(self._session, address, body, condition, media_type, force=force)
        )

    async def delete(
        self, address: Address, *, condition: Condition | None = None, force: bool = False
    ) -> Reply[None]:
        """Delete a document, an element or an attribute (RFC 4825 §7.2, §7.5, §7.8).

        Args:
            address: What to delete.
            condition: When to delete; None for the ETag that this client saw last for the document, and
                unconditionally if it saw none.
            force: Whether to send it at once. Otherwise, where the server may delete all nodes that a
                selector fits, the document is read before.

        Returns:
            The reply, with the ETag of the document that remains, if one does.

        Raises:
            InvalidAddress: The address is of namespace bindings or below another root; nothing was sent.
            HarmfulRequest: The selector fits several nodes, and the server may delete them all; nothing was
                sent.
            NotFound: It is not there, or the selector fits several.
            PreconditionFailed: The condition does not hold; nothing was deleted.
            XcapError: The server refused, or could not be reached.
        """
        from xcap_sdk.flows import verbs

        return await self._transport.run(verbs.delete(self._session, address, condition, force=force))

    async def close(self) -> None:
        """Close the connections, unless they are those of an httpx client that was handed in."""
        return await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
