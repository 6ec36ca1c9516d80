"""What is asked of a faulty server, and what is guaranteed afterwards."""

from __future__ import annotations

import base64
import re
from typing import Any

from faulty import PASSWORD, SOUND, Guarantee, Run, settled

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import BearerAuth, MustNotExist, Unconditional, XcapError

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
AS_ALICE = {"auth": ("alice", PASSWORD)}


def token() -> BearerAuth:
    return BearerAuth(lambda: PASSWORD)


async def get(run: Run) -> Any:
    """`get()`"""
    return await settled(run.xcap.resource_lists.get())


async def get_twice(run: Run) -> Any:
    """`get()`, twice"""
    await get(run)
    return await get(run)


async def refresh(run: Run) -> Any:
    """`refresh()`"""
    await run.open()
    return await settled(run.document.refresh())


async def exists(run: Run) -> Any:
    """`exists()`"""
    return await settled(run.xcap.resource_lists.exists())


async def save(run: Run) -> Any:
    """`save()`"""
    await run.open()
    return await settled(run.document.save())


async def save_nodes(run: Run) -> Any:
    """`save(strategy="nodes")`"""
    await run.open()
    return await settled(run.document.save(strategy="nodes"))


async def save_twice(run: Run) -> Any:
    """`save()`, and again with another edit"""
    await save(run)
    run.document.model.lists.ensure("more")
    return await settled(run.document.save())


async def update(run: Run) -> Any:
    """`update()`"""
    return await settled(run.xcap.resource_lists.update(rename))


def rename(book: ResourceLists) -> None:
    book.lists["friends"].label = "Friends"


async def create(run: Run) -> Any:
    """`create()`"""
    book = ResourceLists()
    book.lists.ensure("friends")
    return await settled(run.xcap.resource_lists.create(book))


async def create_and_read(run: Run) -> Any:
    """`create()`, then `get()`"""
    await create(run)
    return await get(run)


async def delete(run: Run) -> Any:
    """`delete()`"""
    return await settled(run.xcap.resource_lists.delete())


async def delete_document(run: Run) -> Any:
    """`document.delete()`"""
    await run.open()
    return await settled(run.document.delete())


async def get_element(run: Run) -> Any:
    """raw `get(element)`"""
    return await settled(run.xcap.get(friends(run)))


async def put_element(run: Run) -> Any:
    """raw `put(element)`"""
    return await settled(run.xcap.put(friends(run), '<list name="friends"/>', condition=Unconditional()))


async def put_document(run: Run) -> Any:
    """raw `put(document)`"""
    index = run.xcap.resource_lists.address()
    return await settled(run.xcap.put(index, ResourceLists(), condition=MustNotExist()))


async def put_much(run: Run) -> Any:
    """raw `put(document)` of 8 MiB"""
    index, body = run.xcap.resource_lists.address(), b" " * (8 * 2**20)
    return await settled(run.xcap.put(index, body, condition=Unconditional()))


async def delete_element(run: Run) -> Any:
    """raw `delete(element)`"""
    return await settled(run.xcap.delete(friends(run), condition=Unconditional()))


def friends(run: Run) -> Any:
    return run.xcap.resource_lists.address().element('resource-lists/list[@name="friends"]')


async def upload(run: Run) -> Any:
    """`status_icon.upload()`"""
    return await settled(run.xcap.status_icon.upload(PIXEL))


async def icon(run: Run) -> Any:
    """`status_icon.get()`"""
    return await settled(run.xcap.status_icon.get())


async def capabilities(run: Run) -> Any:
    """`capabilities.get()`"""
    return await settled(run.xcap.capabilities.get())


async def directory(run: Run) -> Any:
    """`directory.documents()`"""
    return await settled(run.xcap.directory.documents())


async def presence_rules(run: Run) -> Any:
    """`pres_rules.get()`"""
    return await settled(run.xcap.pres_rules.get())


def asked(times: int) -> Guarantee:
    """How many requests came in all."""

    async def holds(run: Run) -> None:
        assert len(run.server.got) == times, run.server.got

    return Guarantee(counted(times) + (" in all" if times else ""), holds)


def wrote(times: int, method: str = "PUT") -> Guarantee:
    """How many writes came."""

    async def holds(run: Run) -> None:
        assert len(run.sent(method)) == times, run.server.got

    words = {0: f"no {method} is sent", 1: f"the {method} is not repeated"}
    return Guarantee(words.get(times, f"{times} {method}s, each under its condition"), holds)


def counted(times: int) -> str:
    return {0: "no request is read", 1: "one request"}.get(times, f"{times} requests")


async def _in_hand(run: Run) -> None:
    assert run.error is not None
    assert run.error.document is run.document
    assert (run.document.etag, run.document.xml) == run.version
    assert run.document.model.lists["friends"].label == "Friends"
    run.answers = SOUND
    before = len(run.sent("PUT"))
    report = await settled(run.document.save())
    assert (report.outcome, report.etag) == ("replaced", '"2"')
    [put] = run.sent("PUT")[before:]
    assert f"If-Match: {run.version[0]}".encode("latin-1") in put


in_hand = Guarantee("the document in hand and its edits are as they were, and can be saved again", _in_hand)


async def _is_stored(run: Run) -> None:
    assert run.document.model.lists["friends"].label == "Friends"
    assert b"Friends" in run.document.xml


is_stored = Guarantee("the document in hand is what is stored", _is_stored)


def under(etag: str, text: str = "it goes back byte by byte") -> Guarantee:
    """Under which ETag a write was made."""

    async def holds(run: Run) -> None:
        [put] = run.sent("PUT")
        assert f"\r\nIf-Match: {etag}\r\n".encode("latin-1") in put

    return Guarantee(text, holds)


async def _is_put(run: Run) -> None:
    await _is_stored(run)
    assert run.document.etag == '"2"'


is_put = Guarantee("the document in hand is what was put: the ETag says so (RFC 9110 §9.3.4)", _is_put)


async def _is_merged(run: Run) -> None:
    assert run.value.merged
    [_, put] = run.sent("PUT")
    assert b"FRIENDS" in put
    assert b"more" in put


is_merged = Guarantee("what the server made of it is seen, and the next edits are merged with it", _is_merged)


async def _is_told(run: Run) -> None:
    error: Any = run.error
    assert b"Friends" in error.expected
    assert b"FRIENDS" in error.found


is_told = Guarantee("what was expected and what was found are in hand; nothing is repaired", _is_told)


async def _both_kept(run: Run) -> None:
    assert run.error is not None
    error: Any = run.error
    assert error.document is run.document
    assert b"Friends" in error.mine
    assert error.base == run.version[1]
    assert run.document.model.lists["friends"].label == "Friends"


all_versions = Guarantee("base, mine and theirs are in hand", _both_kept)


async def _nothing_elsewhere(run: Run) -> None:
    assert run.elsewhere is None or run.elsewhere.got == []


nothing_elsewhere = Guarantee("nothing is sent elsewhere", _nothing_elsewhere)


async def _no_password(run: Run) -> None:
    assert not any(b"\r\nAuthorization:" in each for each in run.server.got)


no_password = Guarantee("no credentials are sent", _no_password)


def sends_cookies(most: int) -> Guarantee:
    """How many cookies go with the next request."""

    async def holds(run: Run) -> None:
        [*_, last] = run.server.got
        [fields] = re.findall(rb"\r\nCookie: (.*)\r\n", last) or [b""]
        assert len(fields.split(b"; ") if fields else []) == most

    words = {0: "no cookie is sent", 1: "it is sent back"}
    return Guarantee(words.get(most, f"{most} of them are sent back: 4 KiB in all are kept"), holds)


def at_most(size: int) -> Guarantee:
    """How much was read of a reply."""

    async def holds(run: Run) -> None:
        assert run.server.sent < size, run.server.sent

    return Guarantee(f"reading stops before {size // 2**20} MiB", holds)


def gives(text: str, value: object) -> Guarantee:
    """What the call gave."""

    async def holds(run: Run) -> None:
        got = run.value
        assert (got.xml if isinstance(value, bytes) and hasattr(got, "xml") else got) == value

    return Guarantee(text, holds)


def told(text: str, attribute: str, value: object) -> Guarantee:
    """What the error says."""

    async def holds(run: Run) -> None:
        assert isinstance(run.error, XcapError)
        assert getattr(run.error, attribute) == value

    return Guarantee(text, holds)
