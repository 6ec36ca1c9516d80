"""What comes back, as the flows know it: responses, and failures by whether the request may have arrived."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

import httpx

from xcap_sdk.auth.origin import CredentialsWithheld
from xcap_sdk.errors import (
    ClientClosed,
    ConnectionFailed,
    ConnectionLost,
    ConnectionsBusy,
    InvalidInput,
    TimedOut,
    TransportError,
    Unauthorized,
    UnexpectedReply,
)
from xcap_sdk.flows.telling import asked, message
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.protocol.wording import plain
from xcap_sdk.transport.deadlines import Deadline
from xcap_sdk.transport.guard import BodyRefused

_REASON = 200
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")
"""What OpenSSL makes of an answer in plain HTTP, by its version."""
_CLOSED = "Cannot send a request"
_BROKEN = (httpx.TransportError, httpx.DecodingError, httpx.StreamError, httpx.InvalidURL, UnicodeError)
"""What httpx makes of what it cannot use; the last where a client of the user's looks at a redirect."""


def incoming(response: httpx.Response, body: bytes) -> Response:
    """The response as the flows know it: characters of its header fields stand for their bytes."""
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
    return Response(response.status_code, Headers(fields), body)


@contextlib.contextmanager
def typed_failures(
    request: Request, deadline: Deadline, http: httpx.Client | httpx.AsyncClient
) -> Generator[None]:
    """Turn what httpx raises into the SDK's errors, by whether the request may have reached the server."""
    if http.is_closed:
        raise _closed(request)
    try:
        yield
    except RuntimeError as error:
        if http.is_closed and str(error).startswith(_CLOSED):  # by another thread, a moment ago
            raise _closed(request) from None
        raise
    except CredentialsWithheld as error:
        reply = incoming(error.response, b"")
        raise Unauthorized(message(request, reply, error.reason), request=request, response=reply) from None
    except BodyRefused as error:
        raise UnexpectedReply(
            f"{asked(request)}: {error.reason}", request=request, response=incoming(error.response, b"")
        ) from None
    except httpx.TimeoutException as error:
        raise _too_late(error, request, deadline) from error
    except (httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol) as error:
        text = f"{asked(request)}: no connection ({_reason(error)}); nothing was sent. {_question(error)}"
        raise ConnectionFailed(text, request=request) from error
    except httpx.LocalProtocolError as error:
        # Its text shows the values of header fields, and they may be secrets: it is not passed on.
        if str(error).startswith("Illegal header"):
            text = f"{asked(request)}: a header field cannot be sent; nothing was. Has one line breaks?"
            raise InvalidInput(text) from None
        text = f"{asked(request)}: the HTTP client broke off; whether the server acted is unknown"
        raise ConnectionLost(text, request=request) from None
    except _BROKEN as error:
        text = (
            f"{asked(request)}: the connection broke ({_reason(error)}); whether the server acted is unknown"
        )
        raise ConnectionLost(text, request=request) from error


def _too_late(error: httpx.TimeoutException, request: Request, deadline: Deadline) -> TransportError:
    unsent = isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
    if deadline.has_passed():
        return deadline.exceeded(request, sent=not unsent)
    if isinstance(error, httpx.PoolTimeout):
        text = (
            f"{asked(request)}: all connections were in use for the time allowed; nothing was sent. Make "
            f"fewer calls at once, or allow more: Network(connections=…)"
        )
        return ConnectionsBusy(text, request=request)
    if unsent:
        text = f"{asked(request)}: no connection in the time allowed; nothing was sent. Is the host up?"
        return ConnectionFailed(text, request=request)
    text = f"{asked(request)}: no reply in the time allowed; whether the server acted is unknown"
    return TimedOut(text, request=request)


def _closed(request: Request) -> ClientClosed:
    text = f"{asked(request)}: the client has been closed; nothing was sent. Make another one"
    return ClientClosed(text, request=request)


def _question(error: Exception) -> str:
    """What to ask where no connection could be made."""
    reason = str(error)
    if any(each in reason for each in _NO_TLS):
        return "That is no TLS: is it http instead of https?"
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return "Is that the server? If it is, trust its authority: Network(tls=…)"
    return "Is the server up, and the root URI right?"


def _reason(error: Exception) -> str:
    return plain(str(error)[:_REASON]) or type(error).__name__
