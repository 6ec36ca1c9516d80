"""Replies whose body is no document of the kind: the error says what was asked, and what to check."""

from __future__ import annotations

import asyncio
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    AsyncXcapClient,
    Conflicted,
    DocumentError,
    ForbiddenXml,
    LimitExceeded,
    Limits,
    Network,
    NotWellFormed,
    UnexpectedDocument,
    XcapClient,
    parse_diff,
)

ROOT = "http://xcap.example.org/root"
USER = "sip:alice@example.org"
INDEX = f"{ROOT}/resource-lists/users/{USER}/index"
EMPTY = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'
IS_THAT = "is that an XCAP server, and its root URI right?"
DIFF = f"""<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xcap-root="{ROOT}/">
  <document sel="resource-lists/users/{USER}/index" previous-etag="0" new-etag="9"/>
</xcap-diff>""".encode()


class Server:
    """Gives one body, or what `theirs` says after the first PUT, which fails."""

    def __init__(self, body: bytes, media_type: str | None = None, theirs: bytes = b"") -> None:
        self.body, self.media_type, self.theirs = body, media_type, theirs

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            self.body = self.theirs
            return httpx.Response(412)
        fields = {"Content-Type": self.media_type} if self.media_type else {}
        return httpx.Response(200, content=self.body, headers={"ETag": f'"{hash(self.body)}"', **fields})

    def sync(self, **options: Any) -> XcapClient:
        return XcapClient(ROOT, user=USER, http=httpx.Client(transport=httpx.MockTransport(self)), **options)


def edited(xcap: XcapClient) -> None:
    with xcap.resource_lists.edit():
        pass


async def edited_async(xcap: AsyncXcapClient) -> None:
    async with xcap.resource_lists.edit():
        pass


ROADS: dict[str, tuple[Callable[[XcapClient], object], Callable[[AsyncXcapClient], Any]]] = {
    "get": (lambda xcap: xcap.resource_lists.get(), lambda xcap: xcap.resource_lists.get()),
    "edit": (edited, edited_async),
    "update": (
        lambda xcap: xcap.resource_lists.update(lambda book: None),
        lambda xcap: xcap.resource_lists.update(lambda book: None),
    ),
    "resolve": (lambda xcap: xcap.resource_lists.resolve(), lambda xcap: xcap.resource_lists.resolve()),
    "members": (
        lambda xcap: xcap.rls_services.members("sip:all@example.org"),
        lambda xcap: xcap.rls_services.members("sip:all@example.org"),
    ),
    "rename": (
        lambda xcap: xcap.resource_lists.rename_list("a", "b"),
        lambda xcap: xcap.resource_lists.rename_list("a", "b"),
    ),
    "supports": (
        lambda xcap: xcap.capabilities.supports("resource-lists"),
        lambda xcap: xcap.capabilities.supports("resource-lists"),
    ),
}


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize(
    ("body", "media_type", "cls", "text"),
    [
        (b"{}", "application/json", NotWellFormed, "is no XML (Content-Type: application/json); " + IS_THAT),
        (b"", None, NotWellFormed, "is empty; " + IS_THAT),
        (b"<a/>", "application/xml", UnexpectedDocument, "got one with a without a namespace"),
    ],
)
def test_the_request_comes_first_on_every_road(
    body: bytes, media_type: str | None, cls: type[DocumentError], text: str, road: str
) -> None:
    server = Server(body, media_type)

    async def concurrently() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(server))
        async with AsyncXcapClient(ROOT, user=USER, http=http) as xcap:
            pending = ROADS[road][1](xcap)
            assert inspect.isawaitable(pending)
            await pending

    for call in (lambda: ROADS[road][0](server.sync()), lambda: asyncio.run(concurrently())):
        with pytest.raises(DocumentError) as raised:
            call()
        error = raised.value
        assert type(error) is cls
        assert error.request is not None
        assert error.response is not None
        assert str(error).startswith(f"GET {error.request.uri} → 200 OK: ")
        assert text in str(error)
        assert pickle.loads(pickle.dumps(error)).request == error.request


@pytest.mark.parametrize(
    ("body", "cls", "text"),
    [
        (b" \n", NotWellFormed, "is empty"),
        (b"\xef\xbb\xbfhello", NotWellFormed, "is no XML"),
        (b"<a>", NotWellFormed, "line 1, column 4: "),
        (b'<?xml version="1.0" encoding="EUC-JP"?><a/>', NotWellFormed, "which is not read here; UTF-8 is"),
        ("<a/>".encode("utf-16-le"), NotWellFormed, "read here, such as UTF-8"),
        (b"<!DOCTYPE a><a/>", ForbiddenXml, "has a DOCTYPE"),
        (b"<a>" + b"x" * 500 + b"</a>", LimitExceeded, "Network(limits=Limits(max_bytes=…)) allows more"),
        (b"<a>" + b"<b/>" * 9 + b"</a>", LimitExceeded, "Network(limits=Limits(max_elements=…)) allows more"),
        (b"<a><b><c/></b></a>", LimitExceeded, "Network(limits=Limits(max_depth=…)) allows more"),
        (b"<a a='' b='' c='' d=''/>", LimitExceeded, "Network(limits=Limits(max_attributes=…)) allows more"),
    ],
)
def test_what_is_wrong_stays_told(body: bytes, cls: type[DocumentError], text: str) -> None:
    limits = Limits(max_bytes=400, max_elements=5, max_depth=2, max_attributes=3)
    with pytest.raises(cls) as raised:
        Server(body).sync(network=Network(limits=limits)).resource_lists.get()
    assert str(raised.value).startswith(f"GET {INDEX} → 200 OK: ")
    assert text in str(raised.value)


def test_lines_and_columns_stay() -> None:
    with pytest.raises(NotWellFormed) as raised:
        Server(b"<a>\n<b>").sync().resource_lists.get()
    assert raised.value.line == 2
    assert raised.value.__cause__ is not None


def test_the_parsers_own_limits_are_said_to_be_that() -> None:
    long = EMPTY.replace(b"/>", b">") + b"x" * 10_100_000 + b"</resource-lists>"
    with pytest.raises(LimitExceeded, match="limit of the XML parser itself"):
        Server(long).sync().resource_lists.get()


def test_what_was_remembered_is_named_with_its_304() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "If-None-Match" in request.headers:
            return httpx.Response(304)
        return httpx.Response(200, content=b"{}", headers={"ETag": '"1"'})

    xcap = XcapClient(ROOT, user=USER, http=httpx.Client(transport=httpx.MockTransport(answer)))
    for reply in ("200 OK", "304 Not Modified"):
        with pytest.raises(NotWellFormed, match=f"→ {reply}: the body is no XML; is that"):
            xcap.resource_lists.get()


@pytest.mark.parametrize(("theirs", "text"), [(b"{}", IS_THAT), (b"<a/>", "got one with a without")])
def test_a_merge_says_that_theirs_cannot_be_read(theirs: bytes, text: str) -> None:
    document = Server(EMPTY, theirs=theirs).sync().resource_lists.get()
    document.model.lists.ensure("friends")
    with pytest.raises(Conflicted) as raised:
        document.save()
    assert str(raised.value).startswith(f"PUT {INDEX} [If-Match: ")
    assert "; theirs cannot be read: " in str(raised.value)
    assert text in str(raised.value)
    assert raised.value.theirs == theirs
    assert isinstance(raised.value.__cause__, DocumentError)


def test_a_document_in_hand_that_is_read_again() -> None:
    server = Server(EMPTY)
    document = server.sync().resource_lists.get()
    model, server.body = document.model, b"{}"
    for again in (document.refresh, lambda: document.apply(parse_diff(DIFF))):
        with pytest.raises(NotWellFormed) as raised:
            again()
        assert str(raised.value).startswith(f"GET {INDEX} [If-None-Match: ")
        assert raised.value.document is document
        assert document.model is model


def test_what_is_put_in_raw_form_is_no_matter_of_this() -> None:
    xcap = Server(b"{}").sync()
    index = xcap.resource_lists.address()
    for address in (index, index.element("resource-lists")):
        assert (xcap.get(address).body, xcap.get(address).value) == (b"{}", None)


def test_what_takes_too_much_is_named_before_it_is_sent() -> None:
    small = Network(limits=Limits(max_bytes=200))
    book = ResourceLists()
    book.lists.add("x" * 300)
    xcap = Server(EMPTY).sync(network=small)
    document = xcap.resource_lists.get()
    document.model = book
    for store in (
        document.save,
        lambda: XcapClient(ROOT, user=USER, http=missing(), network=small).resource_lists.create(book),
    ):
        with pytest.raises(LimitExceeded) as raised:
            store()
        text = str(raised.value)
        assert text.startswith(f"{INDEX}: the document has ")
        assert "nothing was written" in text
        assert "Network(limits=Limits(max_bytes=…)) allows more" in text
        assert raised.value.request is None
        assert raised.value.document is not None
    png = b"\x89PNG\r\n\x1a\n" + bytes(200)
    with pytest.raises(LimitExceeded, match=r"upload\(…, max_bytes=…\) scales the picture down"):
        XcapClient(ROOT, user=USER, http=missing(), network=small).status_icon.upload(png)
    with pytest.raises(LimitExceeded, match=r"^GET ") as raised:
        Server(EMPTY + b" " * 200).sync(network=small).status_icon.upload(png)
    assert "scales" not in str(raised.value)


def missing() -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(404)))
