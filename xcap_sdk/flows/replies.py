"""Replies that are no success, as errors: what was asked, what came back, what to do."""

from __future__ import annotations

from urllib.parse import unquote

from xcap_sdk import errors
from xcap_sdk.flows.conversation import HOPS, Session
from xcap_sdk.flows.telling import WHOSE, message
from xcap_sdk.protocol.faults import Fault, FaultKind
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.protocol.redirects import redirected
from xcap_sdk.protocol.wording import plain

_CONFLICTS: dict[FaultKind, tuple[type[errors.Conflict], str]] = {
    FaultKind.NOT_WELL_FORMED: (
        errors.DocumentNotWellFormed,
        "the body is no well-formed XML document; check it with xcap_sdk.parse()",
    ),
    FaultKind.NOT_XML_FRAG: (
        errors.FragmentNotWellFormed,
        "the body has to be exactly one element, without an XML declaration",
    ),
    FaultKind.NOT_XML_ATT_VALUE: (
        errors.AttributeValueNotWellFormed,
        "the body has to be an attribute value in quotes, with & and < escaped",
    ),
    FaultKind.NOT_UTF_8: (errors.NotUtf8, "send the body in UTF-8"),
    FaultKind.NO_PARENT: (
        errors.NoParent,
        "the document, folder or element that is to hold it is not there; create that first",
    ),
    FaultKind.CANNOT_INSERT: (
        errors.CannotInsert,
        "what was put would not be found at that address: selector and body have to fit each other",
    ),
    FaultKind.CANNOT_DELETE: (
        errors.CannotDelete,
        "the address would then name another element: select by an attribute instead of by position",
    ),
    FaultKind.SCHEMA_VALIDATION_ERROR: (
        errors.SchemaValidationFailure,
        "the document would not follow its schema; xcap_sdk.validate() names the places",
    ),
    FaultKind.UNIQUENESS_FAILURE: (errors.UniquenessFailure, "a value that must be unique is taken"),
    FaultKind.CONSTRAINT_FAILURE: (
        errors.ConstraintFailure,
        "the document would break a rule of its application usage",
    ),
    FaultKind.EXTENSION: (errors.ExtensionFailure, "the server gives a reason that this SDK does not know"),
}

_PLAIN: dict[int, tuple[type[errors.ReplyError], str]] = {
    400: (errors.BadRequest, "the server could not read the request; check the address and its prefixes"),
    401: (errors.Unauthorized, "the server asks who you are; pass auth=(user name, password)"),
    403: (
        errors.Forbidden,
        "the account that this client's requests come from may not do that; check whose document it is, and "
        "whose credentials are sent",
    ),
    404: (
        errors.NotFound,
        "there is no such {what}; check the XCAP root, the document's name and user, and whether the "
        "server serves this application usage",
    ),
    412: (
        errors.PreconditionFailed,
        "the document is not in the state that the condition names; get it again and redo the change",
    ),
    407: (errors.UnexpectedReply, "the proxy on the way asks for credentials; see proxy= of Network"),
    408: (
        errors.RequestTimeout,
        "the request, with {size:,} bytes of body, did not arrive in the time that the server waits; send it "
        "again, over a faster line, or have the server wait longer",
    ),
    411: (errors.UnexpectedReply, "a proxy of http= on the way took the length of the body away"),
    414: (
        errors.HeadTooLarge,
        "an address of {address:,} bytes is longer than the server takes; a node needs a long one: get or "
        "save the whole document instead (strategy='document'), or have the server take longer ones",
    ),
    415: (errors.UnsupportedMediaType, "the server does not take {media_type} here; see media_type="),
    421: (
        errors.Misdirected,
        "the server does not answer for {host}; check the XCAP root, and what the proxies before it pass on",
    ),
    423: (errors.UnexpectedReply, "something is locked there; try again later, or ask its operator"),
    425: (
        errors.TooEarly,
        "the server will not take early data of TLS, which this client never sends; try again, or have the "
        "proxy before it hold early data back (RFC 8470)",
    ),
    428: (
        errors.UnexpectedReply,
        "the server wants a condition with this (RFC 6585); pass condition=, such as Match(etag)",
    ),
    431: (
        errors.HeadTooLarge,
        "the header fields are longer than the server takes; look at headers= and at how long the token or "
        "the cookies are, or have the server take longer ones",
    ),
}
_PLAIN[410] = _PLAIN[404]

_NO_PLACE = (
    "the server has no such place for a document; check the XCAP root, the application usage (AUID) and the "
    "user (XUI) in the address, and whether the server serves them"
)

_FAILED: dict[int, str] = {
    501: "it cannot do this at all, and asking again will not help; is that an XCAP server?",
    505: "it does not speak this version of HTTP; see http2= of Network",
    507: "the server has no space left for this; remove something, or ask its operator, then save again",
    511: "that is not the server's answer: the network in between wants you to sign in (RFC 6585 §6); open a "
    "page in a browser, sign in, and try again",
}
_UNKNOWN = (errors.UnexpectedReply, f"XCAP knows no such reply to this request; {WHOSE}")


def failure(session: Session, request: Request, response: Response) -> errors.ReplyError:
    """The error that a reply stands for.

    Args:
        session: The client's session, to say what can be done.
        request: What was asked.
        response: What came back: no success.

    Returns:
        The error, to be raised.
    """
    status = response.status
    if 300 <= status < 400:
        return _redirect(session, request, response)
    if status == 405:
        allowed = tuple(part.strip() for part in response.headers.get("allow", "").split(",") if part.strip())
        advice = (
            f"the server allows {plain(', '.join(allowed))} here"
            if allowed
            else "the server does not allow that here"
        )
        return errors.MethodNotAllowed(
            message(request, response, advice), request=request, response=response, allowed=allowed
        )
    if status == 409:
        return _conflict(request, response)
    if status in {413, 429} or 500 <= status < 600:
        return _later(session, request, response)
    cls, advice = _plain(session, request, status)
    return cls(message(request, response, advice), request=request, response=response)


def unexpected(request: Request, response: Response, advice: str) -> errors.UnexpectedReply:
    """The error for a success that cannot be one.

    Args:
        request: What was asked.
        response: What came back.
        advice: What is wrong with it and what to do.

    Returns:
        The error, to be raised.
    """
    return errors.UnexpectedReply(message(request, response, advice), request=request, response=response)


def _not_served(session: Session, request: Request) -> str:
    """What there is to say of a usage that the server is known not to serve; nothing for others."""
    profile = session.profile
    auid = unquote(request.uri.removeprefix(session.root.uri)).lstrip("/").partition("/")[0]
    if profile.usages is None or auid in profile.usages:
        return ""
    return f"{profile.name} says so of usages that it does not serve, and {auid} is none that it is known to"


def _plain(session: Session, request: Request, status: int) -> tuple[type[errors.ReplyError], str]:
    cls, advice = _PLAIN.get(status, _UNKNOWN)
    if status == 401 and session.authenticated:
        advice = (
            "the server refused the credentials; check user name and password, or whether they have changed"
        )
    if status in {404, 410} and request.method == "PUT" and "/~~/" not in request.uri:
        advice = _NO_PLACE  # there is nothing that a PUT of a document could miss
    advice = advice.format(
        what="document or node, or the selector fits several" if "/~~/" in request.uri else "document",
        size=len(request.body or b""),
        address=len(request.uri),
        host=session.root.origin[1],
        media_type=dict(request.headers).get("Content-Type", "no media type"),
    )
    unserved = _not_served(session, request) if status in {403, 404} else ""
    return cls, f"{advice}; {unserved}" if unserved else advice


def _later(session: Session, request: Request, response: Response) -> errors.ReplyError:
    """Refusals that may come with a time after which to ask again."""
    status, wait = response.status, response.retry_after
    cls: type[errors.ContentTooLarge | errors.TooManyRequests | errors.ServerError] = errors.ServerError
    then = f"try again in {wait:g} s" if wait is not None else ""
    if status == 413:
        cls = errors.ContentTooLarge
        advice = f"{len(request.body or b''):,} bytes are more than the server takes; {then or 'send less'}"
    elif status == 429:
        cls = errors.TooManyRequests
        advice = f"the server is asked too often; {then or 'try again later'}"
    elif status in _FAILED:
        advice = "; ".join(filter(None, (_FAILED[status], then)))
    else:
        advice = _not_served(session, request) or "try again later, or look into the server's log"
        advice = f"the server failed; {then or advice}"
    return cls(message(request, response, advice), request=request, response=response, retry_after=wait)


def _redirect(session: Session, request: Request, response: Response) -> errors.UnexpectedReply:
    location = response.headers.get("location")
    if not location:
        return unexpected(request, response, "that is no reply to this request")
    onward = redirected(request, response)
    if response.status in {301, 302, 303} and request.method != "GET":
        advice = "it might become a GET then (RFC 9110 §15.4); if the XCAP root has moved, use the new one"
    elif onward is None:
        advice = "there is no telling which of several places is meant, or it is no http(s) address"
    elif session.may_go_to(onward):
        advice = f"that goes in a circle, or takes more than {HOPS} redirects in a row; check the server's"
    else:
        advice = (
            "redirects stay at their origin, as credentials do; if you trust that address, use its root, or "
            "Network(redirect_origins=…)"
        )
    text = f"the server points to {plain(location)}, and that is not followed: {advice}"
    return errors.Redirected(
        message(request, response, text), request=request, response=response, location=location
    )


def _conflict(request: Request, response: Response) -> errors.Conflict:
    from xcap_sdk.documents.reports import parse_fault

    fault = parse_fault(response.body)
    if fault is None:
        advice = "the server refuses the change without saying why"
        return errors.Conflict(
            message(request, response, advice), request=request, response=response, fault=None
        )
    cls, advice = _CONFLICTS[fault.kind]
    text = message(request, response, f"{fault.kind}: {advice}{plain(_details(fault))}")
    return cls(text, request=request, response=response, fault=fault)


def _details(fault: Fault) -> str:
    details: list[str] = []
    if fault.phrase:
        details.append(f"the server says: {fault.phrase}")
    if fault.ancestor:
        details.append(f"the nearest place that is there: {unquote(fault.ancestor)}")
    for exists in fault.exists:
        free = f", free are {', '.join(exists.alternatives)}" if exists.alternatives else ""
        details.append(f"not unique: {unquote(exists.field)}{free}")
    return "".join(f"; {detail}" for detail in details)
