"""Every reply that is no success becomes the error that it is, with what was asked, what came back and what to do."""

from __future__ import annotations

import dataclasses

import pytest
from dictionary import ALICE, ROOT, session

from xcap_sdk import errors
from xcap_sdk.flows.replies import failure
from xcap_sdk.flows.telling import asked, status_line
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.faults import Exists
from xcap_sdk.protocol.messages import Headers, Request, Response

ELEMENT = DocumentAddress(root=ROOT, auid="resource-lists", xui=ALICE).element(
    'resource-lists/list[@name="a b"]/entry[1]'
)
PUT = Request(
    "PUT", ELEMENT.uri, (("If-Match", '"1"'), ("Content-Type", "application/xcap-el+xml")), b"x" * 1234
)
GET = Request("GET", ELEMENT.uri)


def error(status: int, body: bytes = b"", request: Request = PUT, **headers: str) -> errors.ReplyError:
    fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return failure(session(), request, Response(status, Headers(fields), body))


def report(inner: str) -> bytes:
    return f'<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error">{inner}</xcap-error>'.encode()


STATUSES: list[tuple[int, type[errors.ReplyError], str]] = [
    (400, errors.BadRequest, "prefixes"),
    (401, errors.Unauthorized, "pass auth="),
    (403, errors.Forbidden, "account that this client's requests come from may not"),
    (404, errors.NotFound, "no such document or node"),
    (405, errors.MethodNotAllowed, "does not allow that"),
    (409, errors.Conflict, "without saying why"),
    (410, errors.NotFound, "no such document or node"),
    (407, errors.UnexpectedReply, "proxy= of Network"),
    (408, errors.RequestTimeout, "1,234 bytes of body, did not arrive"),
    (411, errors.UnexpectedReply, "took the length of the body away"),
    (412, errors.PreconditionFailed, "get it again"),
    (413, errors.ContentTooLarge, "1,234 bytes are more than the server takes; send less"),
    (414, errors.HeadTooLarge, "strategy='document'"),
    (415, errors.UnsupportedMediaType, "application/xcap-el+xml"),
    (421, errors.Misdirected, "does not answer for xcap.example.org; check the XCAP root"),
    (423, errors.UnexpectedReply, "locked"),
    (425, errors.TooEarly, "early data"),
    (428, errors.UnexpectedReply, "pass condition="),
    (429, errors.TooManyRequests, "try again later"),
    (431, errors.HeadTooLarge, "header fields are longer"),
    (500, errors.ServerError, "try again later"),
    (501, errors.ServerError, "asking again will not help"),
    (503, errors.ServerError, "try again later"),
    (505, errors.ServerError, "this version of HTTP"),
    (507, errors.ServerError, "no space left"),
    (511, errors.ServerError, "wants you to sign in"),
    (599, errors.ServerError, "try again later"),
    (100, errors.UnexpectedReply, "an XCAP server"),
    (202, errors.UnexpectedReply, "an XCAP server"),
    (304, errors.UnexpectedReply, "no reply to this request"),
    (402, errors.UnexpectedReply, "an XCAP server"),
    (418, errors.UnexpectedReply, "an XCAP server"),
    (999, errors.UnexpectedReply, "an XCAP server"),
]


@pytest.mark.parametrize(("status", "cls", "advice"), STATUSES)
def test_statuses(status: int, cls: type[errors.ReplyError], advice: str) -> None:
    found = error(status)
    assert type(found) is cls
    assert (found.status, found.request) == (status, PUT)
    text = str(found)
    assert text.startswith(
        "PUT https://xcap.example.org/xcap-root/resource-lists/users/sip:alice@example.org/index/~~/"
    )
    assert 'list[@name="a b"]/entry[1] [If-Match: "1"]' in text, "readable, not percent-encoded"
    assert f"→ {status}" in text
    assert advice in text


def test_a_missing_document_is_no_matter_of_selectors() -> None:
    text = str(error(404, request=Request("GET", ELEMENT.document.uri)))
    assert ": there is no such document; check the XCAP root" in text


def test_where_no_document_can_be_put_the_place_is_missing() -> None:
    for status in (404, 410):
        text = str(error(status, request=Request("PUT", ELEMENT.document.uri)))
        assert ": the server has no such place for a document; check the XCAP root" in text
        assert "(AUID)" in text
        assert "(XUI)" in text


def test_refused_credentials_are_told_from_none() -> None:
    on = dataclasses.replace(session(), authenticated=True)
    assert "check user name and password" in str(failure(on, GET, Response(401)))


def test_allow_and_retry_after() -> None:
    not_allowed = error(405, Allow="GET, HEAD,")
    assert isinstance(not_allowed, errors.MethodNotAllowed)
    assert not_allowed.allowed == ("GET", "HEAD")
    assert "GET, HEAD" in str(not_allowed)
    bare = error(405)
    assert isinstance(bare, errors.MethodNotAllowed)
    assert bare.allowed == ()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry_After": "120"}, 120.0),
        ({"Retry_After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:59:29 GMT"}, 30.0),
        ({"Retry_After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0.0),
        ({"Retry_After": "Fri, 31 Dec 1999 23:59:59 GMT"}, None),
        ({"Retry_After": "Fri, 31 Dec 1999 23:59:59 GMT", "Date": "Fri, 31 Dec 1999 23:59:29 -0000"}, None),
        ({"Retry_After": "soon"}, None),
        (
            {"Retry_After": f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", "Date": "Mon, 01 Jan 2024 00:00:00 GMT"},
            None,
        ),
        ({"Retry_After": "Mon, 01 Jan 2024 00:00:00 +99999999999999"}, None),
        ({"Retry_After": "9" * 12}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], expected: float | None) -> None:
    found = error(503, **headers)
    assert isinstance(found, errors.ServerError)
    assert found.retry_after == expected
    assert (f"{expected:g} s" if expected is not None else "later") in str(found)


@pytest.mark.parametrize("status", [413, 429, 500, 507])
def test_refusals_for_now_say_for_how_long(status: int) -> None:
    found = error(status, Retry_After="7")
    assert isinstance(found, errors.ContentTooLarge | errors.TooManyRequests | errors.ServerError)
    assert found.retry_after == 7.0
    assert "try again in 7 s" in str(found)


@pytest.mark.rule("ER1", "EX1", "EX2")
@pytest.mark.parametrize(
    ("inner", "cls"),
    [
        ("<not-well-formed/>", errors.DocumentNotWellFormed),
        ("<not-xml-frag/>", errors.FragmentNotWellFormed),
        ("<not-xml-att-value/>", errors.AttributeValueNotWellFormed),
        ("<not-utf-8/>", errors.NotUtf8),
        ("<no-parent/>", errors.NoParent),
        ("<cannot-insert/>", errors.CannotInsert),
        ("<cannot-delete/>", errors.CannotDelete),
        ("<schema-validation-error/>", errors.SchemaValidationFailure),
        ('<uniqueness-failure><exists field="a/@b"/></uniqueness-failure>', errors.UniquenessFailure),
        ("<constraint-failure/>", errors.ConstraintFailure),
        ("<extension/>", errors.ExtensionFailure),
    ],
)
@pytest.mark.parametrize("media_type", ["application/xcap-error+xml", "text/plain", None])
def test_each_condition_has_a_class(inner: str, cls: type[errors.Conflict], media_type: str | None) -> None:
    headers = {"Content_Type": media_type} if media_type else {}
    found = error(409, report(inner), **headers)
    assert type(found) is cls
    assert isinstance(found, errors.Conflict)
    assert found.fault is not None
    assert f"409 Conflict: {found.fault.kind}" in str(found)


@pytest.mark.rule("EX3", "EX4", "P8")
def test_details_of_conflicts() -> None:
    parent = error(
        409, report('<no-parent phrase="no way"><ancestor>http://x/~~/a%5B1%5D</ancestor></no-parent>')
    )
    assert isinstance(parent, errors.NoParent)
    assert parent.ancestor == "http://x/~~/a%5B1%5D"
    assert "the server says: no way" in str(parent)
    assert "http://x/~~/a[1]" in str(parent)
    taken = error(
        409,
        report(
            '<uniqueness-failure><exists field="rls-services/service/@uri"><alt-value>sip:b</alt-value>'
            '<alt-value>sip:c</alt-value></exists><exists field="x"/></uniqueness-failure>'
        ),
    )
    assert isinstance(taken, errors.UniquenessFailure)
    assert taken.fields == (Exists("rls-services/service/@uri", ("sip:b", "sip:c")), Exists("x"))
    assert "rls-services/service/@uri, free are sip:b, sip:c; not unique: x" in str(taken)


@pytest.mark.rule("ER1", "EX5")
@pytest.mark.parametrize("body", [b"", b"<html>oops", b"<a/>", b'{"detail": "no"}', "ä".encode("latin-1")])
def test_conflicts_without_a_report(body: bytes) -> None:
    found = error(409, body)
    assert type(found) is errors.Conflict
    assert found.fault is None


def test_defaults_of_conflicts_without_a_report() -> None:
    arguments = {"request": GET, "response": Response(409), "fault": None}
    assert errors.NoParent("x", **arguments).ancestor is None  # pyright: ignore[reportArgumentType]
    assert errors.UniquenessFailure("x", **arguments).fields == ()  # pyright: ignore[reportArgumentType]


REDIRECTS: list[tuple[Request, int, str, str]] = [
    (GET, 302, "https://evil.example.org/x", "redirect_origins"),
    (PUT, 307, "https://evil.example.org/x", "redirect_origins"),
    (GET, 307, "http://xcap.example.org/x", "redirect_origins"),
    (PUT, 301, "https://xcap.example.org/x", "might become a GET"),
    (PUT, 303, "/x", "might become a GET"),
    (GET, 300, "/x", "which of several places"),
    (GET, 305, "http://proxy.example.org", "which of several places"),
    (GET, 308, "ftp://xcap.example.org/", "no http(s) address"),
    (PUT, 308, "/x", "in a circle"),
]


@pytest.mark.parametrize(("request_", "status", "location", "advice"), REDIRECTS)
def test_redirects_that_are_not_followed_say_why(
    request_: Request, status: int, location: str, advice: str
) -> None:
    found = error(status, request=request_, Location=location)
    assert type(found) is errors.Redirected
    assert found.location == location
    assert f"points to {location}, and that is not followed" in str(found)
    assert advice in str(found)


def test_words() -> None:
    assert asked(GET).startswith("GET https://xcap.example.org/")
    assert status_line(Response(404)) == "404 Not Found"
    assert status_line(Response(299)) == "299"
