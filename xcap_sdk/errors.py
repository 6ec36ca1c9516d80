"""Every error that the SDK raises, in one tree.

    XcapError
    ├── InvalidInput (ValueError)          nothing was sent
    │   ├── InvalidRoot                    the XCAP root URI
    │   ├── InvalidAddress                 an AUID, XUI, document name or XCAP URI
    │   ├── InvalidSelector                a node selector
    │   ├── InvalidDocument                a model that its schema or rules refuse: .problems
    │   └── HarmfulRequest                 a request that is known to hurt the server: .profile
    ├── DocumentError                      bytes that are no document of the kind asked for; of a reply's
    │   │                                  body: .request, .response
    │   ├── NotWellFormed                  no strict XML: .line, .column
    │   ├── ForbiddenXml                   a DOCTYPE, or a namespace that is no URI
    │   │   └── LimitExceeded              more than the limits or the parser allow
    │   └── UnexpectedDocument             another root element, or content that does not bind
    ├── TransportError                     no reply: .request
    │   ├── ConnectionFailed               the request did not leave: safe to send again
    │   │   ├── ConnectionsBusy            all of this client's connections were in use
    │   │   ├── ClientClosed               the client has been closed
    │   │   └── ServerDown                 too many failed before it: .retry_after
    │   ├── ConnectionLost                 it left, and no reply came: the outcome is unknown
    │   └── TimedOut                       likewise, after the time allowed
    │       └── DeadlineExceeded           the deadline of a whole call passed: .sent
    ├── ReplyError                         the server said no: .request, .response
    │   ├── UnexpectedReply                a reply that XCAP does not know
    │   │   └── Redirected 3xx             which is not followed: .location
    │   ├── BadRequest 400
    │   ├── Unauthorized 401
    │   ├── Forbidden 403
    │   ├── NotFound 404
    │   ├── MethodNotAllowed 405           .allowed
    │   ├── PreconditionFailed 412
    │   │   ├── AlreadyExists              a create found the document there
    │   │   └── Conflicted                 a save found another version: .base .mine .theirs
    │   │       ├── MergeConflict          which cannot be merged with it: .clashes
    │   │       └── InvalidMerge           which was merged, and breaks a rule then: .problems
    │   ├── RequestTimeout 408             the request did not arrive as a whole
    │   ├── ContentTooLarge 413            .retry_after
    │   ├── UnsupportedMediaType 415
    │   ├── Misdirected 421                the server is none for that host
    │   ├── TooEarly 425
    │   ├── TooManyRequests 429            .retry_after
    │   ├── HeadTooLarge 414, 431          the address or the header fields
    │   ├── ServerError 5xx                .retry_after
    │   └── Conflict 409                   .fault, and a class per condition of RFC 4825 §11:
    │       ├── DocumentNotWellFormed  FragmentNotWellFormed  AttributeValueNotWellFormed  NotUtf8
    │       ├── NoParent (.ancestor)  CannotInsert  CannotDelete
    │       ├── SchemaValidationFailure  ConstraintFailure
    │       └── UniquenessFailure (.fields)  ExtensionFailure
    ├── PartlySaved                        a save of several requests broke off: .done .remaining
    ├── WrongResult                        not what a node write should give: .expected .found .certain
    ├── PatchError                         a patch that cannot be applied: .condition .operation
    ├── DiffConflict                       a change by others that cannot be merged with mine: .clashes
    └── MissingETag                        a document without ETag: a write could not be guarded

Errors are keyword-only values: what they say is in their attributes, and ``str()`` says what was asked, what
happened and what to do next. An error raised by a save carries the ``.document`` it happened to.

What models raise themselves, as `xcap_documents.MissingKey` and `xcap_documents.DuplicateKey`, is none of
these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from xcap_sdk.lazy import lazily

if TYPE_CHECKING:
    from xcap_sdk.editing.plan import Operation
    from xcap_sdk.problems import Clash, Problem
    from xcap_sdk.protocol.diffs import PatchCondition, PatchOperation
    from xcap_sdk.protocol.faults import Exists, Fault
    from xcap_sdk.protocol.messages import Request, Response

if not TYPE_CHECKING:
    __getattr__ = lazily(__name__, {"xcap_sdk.problems": "Clash Problem"})

_MOST = 100  # lines of a message, beside the first and one that says how many more there are
_LONG = 1_000  # characters of each


class XcapError(Exception):
    """The root of the tree.

    Copied or pickled, as between processes, it goes without the document, which belongs to its client.

    Attributes:
        message: What was asked, what happened and what to do next.
        document: The document in hand that a failed save belongs to, with its model, base and server state;
            None outside a save.
    """

    document: Any = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message: str = message

    def adding(self, text: str) -> Self:
        """The same error, saying something more.

        Args:
            text: What there is to say of what happened before.
        """
        return self.saying(f"{self.message}; {text}")

    def saying(self, message: str) -> Self:
        """The same error in other words, where more is known of it.

        Args:
            message: What was asked, what happened and what to do next.
        """
        self.message = message
        self.args: tuple[Any, ...] = (message,)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """What makes it again: an exception's own way knows no keyword-only arguments."""
        state = {name: value for name, value in vars(self).items() if name != "document"}
        return _made_again, (type(self), self.args, state)


def _made_again(cls: type[XcapError], arguments: tuple[Any, ...], state: dict[str, Any]) -> XcapError:
    error = cls.__new__(cls, *arguments)
    vars(error).update(state)
    return error


def _listing(message: str, parts: Sequence[object]) -> str:
    """A message and what it is about, line by line: so much that a person reads it, whatever came in."""
    told = parts if len(parts) <= _MOST + 1 else parts[:_MOST]
    lines = [text if len(text) <= _LONG else f"{text[:_LONG]}…" for text in map(str, told)]
    if len(told) < len(parts):
        lines.append(f"and {len(parts) - len(told):,} more")
    return "\n  ".join([message, *lines])


class InvalidInput(XcapError, ValueError):
    """What the caller handed in cannot be used; nothing was sent."""


class InvalidRoot(InvalidInput):
    """The XCAP root URI is no absolute http(s) URI, or has a query or fragment (RFC 4825 §6.1)."""


class InvalidAddress(InvalidInput):
    """An AUID, XUI, document name or XCAP URI that does not follow RFC 4825 §6.2."""


class InvalidSelector(InvalidInput):
    """A node selector that does not follow the grammar of RFC 4825 §6.3, or has an unbound prefix."""


class InvalidDocument(InvalidInput):
    """A document that its schema or the rules of its application usage refuse; nothing was sent.

    Attributes:
        problems: Every problem found, in document order; never empty.
    """

    def __init__(self, message: str, *, problems: tuple[Problem, ...]) -> None:
        super().__init__(_listing(message, problems))
        self.problems = problems


class HarmfulRequest(InvalidInput):
    """A request that is known to hurt the server, or its users; nothing was sent.

    Attributes:
        profile: The name of the profile that says so.
    """

    def __init__(self, message: str, *, profile: str) -> None:
        super().__init__(message)
        self.profile = profile


class DocumentError(XcapError):
    """Bytes that are no document of the kind asked for.

    Attributes:
        request: What was asked for the document; None if it is no reply's body.
        response: What came back: with 304 the body is the one that was got before.
    """

    request: Request | None = None
    response: Response | None = None


class NotWellFormed(DocumentError):
    """The bytes are no well-formed XML document.

    Attributes:
        line: Line of the fault, from 1; None if unknown.
        column: Column of the fault, from 1; None if unknown.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class ForbiddenXml(DocumentError):
    """XML that is never parsed here: a DOCTYPE, a namespace that is no URI, or more than the limits allow."""


class LimitExceeded(ForbiddenXml):
    """A document that takes more than `Limits` or the parser allow.

    Attributes:
        limit: Which of `Limits` that is, by its name; None for a limit of the parser itself.
    """

    def __init__(self, message: str, *, limit: str | None = None) -> None:
        super().__init__(message)
        self.limit = limit


class UnexpectedDocument(DocumentError):
    """Well-formed XML with another root element than asked for, or content that no class can hold."""


class TransportError(XcapError):
    """No reply came.

    Attributes:
        request: What was to be sent.
    """

    def __init__(self, message: str, *, request: Request) -> None:
        super().__init__(message)
        self.request = request


class ConnectionFailed(TransportError):
    """No connection could be made, so the request did not leave: it is safe to send it again."""


class ConnectionsBusy(ConnectionFailed):
    """None of this client's connections became free in the time allowed: that says nothing of the server."""


class ClientClosed(ConnectionFailed):
    """The client was closed before this request was made, maybe by another thread or task."""


class ServerDown(ConnectionFailed):
    """So many requests in a row failed that this one was not even sent, to spare the server.

    Attributes:
        retry_after: Seconds after which the next one is let through.
    """

    def __init__(self, message: str, *, request: Request, retry_after: float = 0.0) -> None:
        super().__init__(message, request=request)
        self.retry_after = retry_after


class ConnectionLost(TransportError):
    """The connection broke before a whole reply came: whether the server acted is unknown."""


class TimedOut(TransportError):
    """No whole reply in the time allowed: whether the server acted is unknown."""


class DeadlineExceeded(TimedOut):
    """The deadline of a whole call has passed.

    Attributes:
        sent: Whether the request may have reached the server; if not, it did not leave.
    """

    def __init__(self, message: str, *, request: Request, sent: bool = True) -> None:
        super().__init__(message, request=request)
        self.sent = sent


class ReplyError(XcapError):
    """The server replied, and the reply is no success.

    Attributes:
        request: What was asked.
        response: What came back: status, headers and body.
    """

    def __init__(self, message: str, *, request: Request, response: Response) -> None:
        super().__init__(message)
        self.request = request
        self.response = response

    @property
    def status(self) -> int:
        """The HTTP status code."""
        return self.response.status


class UnexpectedReply(ReplyError):
    """A status or a body that XCAP does not know for this request."""


class Redirected(UnexpectedReply):
    """3xx: the server points elsewhere, and that is not followed.

    Attributes:
        location: Where it points to, as it says.
    """

    def __init__(self, message: str, *, request: Request, response: Response, location: str) -> None:
        super().__init__(message, request=request, response=response)
        self.location = location


class BadRequest(ReplyError):
    """400: the server could not read the request, for one a prefix without binding (RFC 4825 §8)."""


class Unauthorized(ReplyError):
    """401: no credentials were given, or the server refused them."""


class Forbidden(ReplyError):
    """403: the user may not do this here."""


class NotFound(ReplyError):
    """404: no such document, node, user or application usage, or a selector that fits several nodes."""


class MethodNotAllowed(ReplyError):
    """405.

    Attributes:
        allowed: The methods that the server allows here, from its Allow header; may be empty.
    """

    def __init__(
        self, message: str, *, request: Request, response: Response, allowed: tuple[str, ...]
    ) -> None:
        super().__init__(message, request=request, response=response)
        self.allowed = allowed


class PreconditionFailed(ReplyError):
    """412: the document on the server is not the one that the condition named (RFC 4825 §7.11)."""


class AlreadyExists(PreconditionFailed):
    """A create found a document there."""


class Conflicted(PreconditionFailed):
    """A save found that somebody else changed the document meanwhile; nothing was written.

    Attributes:
        base: The bytes that the edit started from; None for a create.
        mine: The bytes that were to be stored.
        theirs: The bytes that the server holds now; None if the document is gone.
        theirs_etag: The ETag of ``theirs``.
        uncertain: Whether a reply of this save was lost before, so that ``theirs`` may come after it.
        acknowledged: Whether the server had said yes to this save just before, and others wrote on top of it
            or instead of it; it is uncertain then, too.
    """

    uncertain: bool = False
    acknowledged: bool = False

    def __init__(
        self,
        message: str,
        *,
        request: Request,
        response: Response,
        base: bytes | None,
        mine: bytes,
        theirs: bytes | None,
        theirs_etag: str | None,
    ) -> None:
        super().__init__(message, request=request, response=response)
        self.base = base
        self.mine = mine
        self.theirs = theirs
        self.theirs_etag = theirs_etag


class MergeConflict(Conflicted):
    """A save found another version, and both sides changed the same thing differently; nothing was written.

    Attributes:
        clashes: Every such place, in document order; never empty.
    """

    def __init__(
        self,
        message: str,
        *,
        request: Request,
        response: Response,
        base: bytes | None,
        mine: bytes,
        theirs: bytes | None,
        theirs_etag: str | None,
        clashes: tuple[Clash, ...],
    ) -> None:
        super().__init__(
            _listing(message, clashes),
            request=request,
            response=response,
            base=base,
            mine=mine,
            theirs=theirs,
            theirs_etag=theirs_etag,
        )
        self.clashes = clashes


class InvalidMerge(Conflicted):
    """A save found another version, and what both sides changed breaks a rule together; nothing was written.

    Attributes:
        problems: Every problem of the merged document, in document order; never empty.
    """

    def __init__(
        self,
        message: str,
        *,
        request: Request,
        response: Response,
        base: bytes | None,
        mine: bytes,
        theirs: bytes | None,
        theirs_etag: str | None,
        problems: tuple[Problem, ...],
    ) -> None:
        super().__init__(
            _listing(message, problems),
            request=request,
            response=response,
            base=base,
            mine=mine,
            theirs=theirs,
            theirs_etag=theirs_etag,
        )
        self.problems = problems


class RequestTimeout(ReplyError):
    """408: the request did not arrive as a whole in the time that the server waits."""


class ContentTooLarge(ReplyError):
    """413: the body is larger than the server takes.

    Attributes:
        retry_after: Seconds after which it takes it, from Retry-After; None if it does not say that it will.
    """

    def __init__(
        self, message: str, *, request: Request, response: Response, retry_after: float | None = None
    ) -> None:
        super().__init__(message, request=request, response=response)
        self.retry_after = retry_after


class HeadTooLarge(ReplyError):
    """414 or 431: the address, or the header fields, are longer than the server takes."""


class Misdirected(ReplyError):
    """421: the server does not answer for that host (RFC 9110 §15.5.20)."""


class TooEarly(ReplyError):
    """425: the request came as early data of TLS, which may be played again (RFC 8470); nothing was done."""


class UnsupportedMediaType(ReplyError):
    """415: the body's media type is not the one that the server wants here (RFC 4825 §8.2.2)."""


class TooManyRequests(ReplyError):
    """429: the user, or everybody, asks too often (RFC 6585 §4); nothing was done.

    Attributes:
        retry_after: Seconds after which to try again, from Retry-After; None if the server did not say.
    """

    def __init__(
        self, message: str, *, request: Request, response: Response, retry_after: float | None = None
    ) -> None:
        super().__init__(message, request=request, response=response)
        self.retry_after = retry_after


class ServerError(ReplyError):
    """5xx: the server failed.

    Attributes:
        retry_after: Seconds after which to try again, from Retry-After; None if the server did not say.
    """

    def __init__(
        self, message: str, *, request: Request, response: Response, retry_after: float | None = None
    ) -> None:
        super().__init__(message, request=request, response=response)
        self.retry_after = retry_after


class Conflict(ReplyError):
    """409: the server refuses the change; a class of its own for each condition of RFC 4825 §11.

    Attributes:
        fault: The conflict report; None where the reply holds none (RFC 4825 §11 only recommends it).
    """

    def __init__(self, message: str, *, request: Request, response: Response, fault: Fault | None) -> None:
        super().__init__(message, request=request, response=response)
        self.fault = fault


class DocumentNotWellFormed(Conflict):
    """not-well-formed: the body of a document PUT is no well-formed XML document."""


class FragmentNotWellFormed(Conflict):
    """not-xml-frag: the body of an element PUT is not exactly one element."""


class AttributeValueNotWellFormed(Conflict):
    """not-xml-att-value: the body of an attribute PUT is no attribute value."""


class NotUtf8(Conflict):
    """not-utf-8: the body, or what the document would become, is not UTF-8."""


class NoParent(Conflict):
    """no-parent: the directory, document or element that is to hold the new node is not there."""

    @property
    def ancestor(self) -> str | None:
        """The URI of the nearest existing insertion point, if the server named one."""
        return self.fault.ancestor if self.fault else None


class CannotInsert(Conflict):
    """cannot-insert: after the PUT the same URI would not give what was put."""


class CannotDelete(Conflict):
    """cannot-delete: after the DELETE the same URI would give another node."""


class SchemaValidationFailure(Conflict):
    """schema-validation-error: the document would no longer follow its schema."""


class ConstraintFailure(Conflict):
    """constraint-failure: the document would break a rule of the application usage."""


class UniquenessFailure(Conflict):
    """uniqueness-failure: a value that must be unique is taken."""

    @property
    def fields(self) -> tuple[Exists, ...]:
        """What is not unique, and the free values that the server offers instead."""
        return self.fault.exists if self.fault else ()


class ExtensionFailure(Conflict):
    """extension: a condition that an extension defines; to be treated as a plain 409 (RFC 4825 §11.1)."""


class PartlySaved(XcapError):
    """A save of several requests broke off in the middle; ``__cause__`` says why.

    The document or plan in hand knows what the server has after the last request that is done: to save it
    again sends the rest. For a plan over several documents, ``.document`` is the one that was not written.

    Attributes:
        done: The operations that the server carried out, in order; never empty.
        remaining: Those that it did not, or of which it is unknown.
    """

    def __init__(
        self, message: str, *, done: tuple[Operation, ...], remaining: tuple[Operation, ...]
    ) -> None:
        lines = [
            message,
            *(f"done: {operation}" for operation in done),
            *(f"not done: {operation}" for operation in remaining),
        ]
        super().__init__(_listing(lines[0], lines[1:]))
        self.done = done
        self.remaining = remaining


class WrongResult(XcapError):
    """The server took a write of a node, and the document is not what RFC 4825 §8 makes of it.

    Nothing was repaired, and the document in hand can be saved again.

    Attributes:
        operation: The write.
        expected: The document as it should be.
        found: The document as it is; empty if there is none any more.
        certain: Whether that is the server's doing. If not, somebody else may have changed the document
            between the write and the look.
    """

    def __init__(
        self, message: str, *, operation: Operation, expected: bytes, found: bytes, certain: bool = True
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.expected = expected
        self.found = found
        self.certain = certain


class PatchError(XcapError):
    """A patch operation that cannot be carried out (RFC 5261 §5).

    Attributes:
        condition: Why, as RFC 5261 §5.1 names it.
        operation: The operation.
    """

    def __init__(self, message: str, *, condition: PatchCondition, operation: PatchOperation) -> None:
        super().__init__(message)
        self.condition = condition
        self.operation = operation


class DiffConflict(XcapError):
    """A diff says that somebody else changed the document in hand, and what is not saved yet is in the way.

    The document in hand stays what it was.

    Attributes:
        clashes: Every place that both changed differently, in document order.
        theirs: The document's bytes as they are now; None if it is gone.
        theirs_etag: Its ETag now.
    """

    def __init__(
        self, message: str, *, clashes: tuple[Clash, ...], theirs: bytes | None, theirs_etag: str | None
    ) -> None:
        super().__init__(_listing(message, clashes))
        self.clashes = clashes
        self.theirs = theirs
        self.theirs_etag = theirs_etag


class MissingETag(XcapError):
    """The server gave no ETag for the document, so a write could not be guarded; nothing was sent."""
