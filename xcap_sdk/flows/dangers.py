"""What is looked at before a raw verb goes out, by what is known of the server.

A request that hurts a server is not sent, and a condition that a server does not heed is seen to by a GET.
"""

from __future__ import annotations

from xcap_sdk.errors import AlreadyExists, DocumentError, HarmfulRequest, NotFound
from xcap_sdk.flows.conversation import Conversation, Flow
from xcap_sdk.flows.fetching import fetch, meet
from xcap_sdk.flows.telling import asked
from xcap_sdk.protocol.addresses import (
    Address,
    AttributeAddress,
    DocumentAddress,
    ElementAddress,
    NamespacesAddress,
    document_of,
)
from xcap_sdk.protocol.conditions import Condition, MustNotExist
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.protocol.profiles import Ability, Danger

_FORCE = "Nothing was sent; force=True sends it all the same."


def before_get(talk: Conversation, address: Address) -> Flow[None]:
    """Refuse a GET that hurts the server; a server that is not known yet is asked who it is.

    Raises:
        HarmfulRequest: It does, or nobody knows.
    """
    if not isinstance(address, NamespacesAddress):
        return
    yield from meet(talk)
    profile = talk.session.profile
    if Danger.GET_NAMESPACES in profile.dangers:
        raise HarmfulRequest(
            f"GET {address}: a GET of namespace bindings brings some servers down, and {profile.name} is not "
            f"known to stand it; get the element instead, or the document. {_FORCE}",
            profile=profile.name,
        )


def before_put(talk: Conversation, address: Address, body: bytes, condition: Condition | None) -> Flow[None]:
    """Refuse a PUT that hurts, and one that must not find a document where only a GET can tell.

    Raises:
        AlreadyExists: The document is there.
        HarmfulRequest: The document is larger than the server takes.
    """
    profile = talk.session.profile
    if isinstance(address, DocumentAddress):
        check_size(talk, address, body)
    if isinstance(condition, MustNotExist) and not profile.does(Ability.MUST_NOT_EXIST):
        try:
            found = yield from fetch(talk, document_of(address))
        except NotFound:
            return
        raise already_exists(found.request, found.response)


def before_delete(talk: Conversation, address: Address) -> Flow[None]:
    """Refuse a DELETE that would remove several nodes.

    Raises:
        HarmfulRequest: It would.
        NotFound: There is no such document.
    """
    from xcap_sdk.documents.finding import NodeNotFound
    from xcap_sdk.documents.operations import get_node
    from xcap_sdk.documents.source import Source

    if not isinstance(address, ElementAddress | AttributeAddress):
        return
    profile = talk.session.profile
    if Danger.DELETE_SEVERAL not in profile.dangers:
        return
    document = address.document
    found = yield from fetch(talk, document)
    try:
        get_node(Source.parse(found.body), address.selector, document.default_namespace)
    except NodeNotFound as error:
        if error.is_ambiguous:
            raise HarmfulRequest(
                f"DELETE {address}: the selector fits several nodes, and {profile.name} may remove them all; "
                f"select one by an attribute or its position. {_FORCE}",
                profile=profile.name,
            ) from error
    except DocumentError:
        return  # nothing can be said of what is no XML


def check_size(talk: Conversation, address: Address, body: bytes | None) -> None:
    """Refuse a document that the server is known not to take.

    Raises:
        HarmfulRequest: It is larger than that.
    """
    profile = talk.session.profile
    limit = profile.max_document
    if limit is not None and body is not None and len(body) > limit:
        raise HarmfulRequest(
            f"PUT {address}: {len(body):,} bytes, and {profile.name} takes documents of {limit:,} at most; "
            f"nothing was sent. A profile with another max_document= says otherwise.",
            profile=profile.name,
        )


def already_exists(request: Request, response: Response) -> AlreadyExists:
    """The error for a create that found a document."""
    text = (
        f"{asked(request)} → {response.status}: the document is there already; nothing was written, edit it"
    )
    return AlreadyExists(text, request=request, response=response)
