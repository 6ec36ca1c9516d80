"""Diffs and the clients, against the embedded server: what somebody else changes comes in by a diff."""

from __future__ import annotations

import asyncio

import pytest

from xcap_sdk import (
    AsyncXcapClient,
    DiffConflict,
    NotFound,
    XcapClient,
    parse_diff,
)
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
NAMESPACE = "urn:ietf:params:xml:ns:resource-lists"
REAL_LIFE = f"""<?xml version='1.0' encoding='UTF-8'?>
<!-- written by a phone -->
<rl:resource-lists  xmlns:rl='{NAMESPACE}' xmlns:v="urn:vendor">
\t<rl:list name='friends' v:colour="red"><!-- close ones -->
\t\t<rl:entry uri='sip:bob@example.org' ><rl:display-name xml:lang="en">Bob &amp; Co</rl:display-name></rl:entry>
\t\t<rl:entry uri='sip:carol@example.org'/>
\t\t<v:separator/>
\t</rl:list>
</rl:resource-lists>
"""


def notify(root: object, old: str | None, new: str | None, patch: str) -> bytes:
    """A NOTIFY's body, as a server might write it: other prefixes, and ETags without quotes."""
    old, new = (each and each.strip('"') for each in (old, new))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xmlns:r="{NAMESPACE}" xmlns:w="urn:vendor" xcap-root="{root}/">
<document previous-etag="{old}" new-etag="{new}" sel="resource-lists/users/sip:alice@example.org/index">{patch}</document>
</xcap-diff>""".encode()


PATCH = """
  <remove sel="*/r:list[@name='friends']/r:entry[r:display-name='Bob &amp;amp; Co']/r:display-name"/>
  <add sel="*/r:list/r:entry[1]" type="@w:since">2024</add>
  <replace sel="*/r:list/w:separator"><r:entry uri="sip:dave@example.org"/></replace>
  <remove sel="*/r:list/r:entry[2]" ws="after"/>
  <add sel="r:resource-lists">  <r:list name="work"/>
</add>
""".replace("&amp;amp;", "&amp;")
PATCHED = (
    REAL_LIFE.replace('<rl:display-name xml:lang="en">Bob &amp; Co</rl:display-name>', "")
    .replace("org' >", 'org\' v:since="2024" >')
    .replace("<v:separator/>", '<rl:entry uri="sip:dave@example.org"/>')
    .replace("<rl:entry uri='sip:carol@example.org'/>\n\t\t", "")
    .replace("</rl:resource-lists>", '  <rl:list name="work"/>\n</rl:resource-lists>')
)


def test_a_document_of_real_life_is_patched_byte_by_byte(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as mine, xcap_server.client(ALICE) as other:
        index = mine.resource_lists.address()
        mine.put(index, REAL_LIFE.encode())
        document = mine.resource_lists.get()
        document.model.lists["friends"].label = "Friends"
        new = other.put(index, PATCHED.encode()).etag
        report = document.apply(parse_diff(notify(xcap_server.root, document.etag, new, PATCH)))
        assert (report.outcome, report.etag, report.requests, report.merged) == ("patched", new, 0, True)
        assert document.xml == PATCHED.encode()
        assert document.save().outcome == "patched"  # one node
        assert document.model.lists["friends"].entries.keys() == [
            "sip:bob@example.org",
            "sip:dave@example.org",
        ]
        assert b'v:since="2024"' in other.get(index).body
        assert b"<!-- close ones -->" in other.get(index).body


def test_a_diff_without_a_patch_costs_a_get(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as mine, xcap_server.client(ALICE) as other:
        mine.put(mine.resource_lists.address(), REAL_LIFE.encode())
        document = mine.resource_lists.get()
        with other.resource_lists.edit() as book:
            book.lists.ensure("work")
        new = other.resource_lists.get().etag
        diff = parse_diff(notify(xcap_server.root, document.etag, new, ""))
        assert mine.get(diff.documents[0].address).etag == new
        assert document.apply(diff).outcome == "fetched"
        assert document.apply(diff).outcome == "unchanged"
        assert "work" in document.model.lists


def test_a_document_that_is_read_only_is_kept_up_to_date_too(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        capabilities = xcap.capabilities.get()
        body = f"""<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xcap-root="{xcap_server.root}">
  <document previous-etag="{(capabilities.etag or "").strip('"')}" new-etag="next" sel="xcap-caps/global/index">
    <add sel="c:xcap-caps/c:auids" xmlns:c="urn:ietf:params:xml:ns:xcap-caps"><c:auid>com.example.new</c:auid></add>
  </document></xcap-diff>""".encode()
        assert capabilities.apply(parse_diff(body)).outcome == "patched"
        assert "com.example.new" in capabilities.model.auids.items


def test_the_same_asynchronously(xcap_server: RunningServer) -> None:
    async def run() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as xcap:
            async with xcap.resource_lists.edit() as book:
                book.lists.ensure("friends").label = "Friends"
            document = await xcap.resource_lists.get()
            entry = '<add sel="*/r:list"><r:entry uri="sip:erin@example.org"/></add>'
            report = await document.apply(parse_diff(notify(xcap_server.root, document.etag, "next", entry)))
            assert (report.outcome, report.etag) == ("patched", '"next"')
            assert document.model.lists["friends"].entries.keys() == ["sip:erin@example.org"]
            document.model.lists["friends"].label = "Mine"
            theirs = '<replace sel="*/r:list/r:display-name/text()">Theirs</replace>'
            diff = parse_diff(notify(xcap_server.root, document.etag, "more", theirs))
            with pytest.raises(DiffConflict):
                await document.apply(diff)
            assert (await document.apply(diff, on_conflict="theirs")).merged is False
            assert document.model.lists["friends"].label == "Theirs"

    asyncio.run(run())


def test_a_removed_document_is_let_go(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as mine, XcapClient(xcap_server.root, user=ALICE) as other:
        mine.put(mine.resource_lists.address(), REAL_LIFE.encode())
        document = mine.resource_lists.get()
        other.resource_lists.delete()
        body = notify(xcap_server.root, document.etag, None, "").replace(b' new-etag="None"', b"")
        assert document.apply(parse_diff(body)).outcome == "removed"
        assert (document.etag, document.xml) == (None, b"")
        assert document.save().outcome == "unchanged"
        with pytest.raises(NotFound):
            document.refresh()
