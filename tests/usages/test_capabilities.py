"""Capabilities of real servers: asked through the clients, with OMA's additions and old habits."""

from __future__ import annotations

import asyncio

import httpx

from xcap_documents.xcap_caps import Auids, XcapCaps
from xcap_sdk import RESOURCE_LISTS, XCAP_CAPS, AsyncXcapClient, XcapClient, parse

ROOT = "http://xcap.example.org/root"
REAL = """\
<?xml version="1.0" encoding="UTF-8"?>
<xcap-caps xmlns="urn:ietf:params:xml:ns:xcap-caps" xmlns:o="urn:oma:xml:xdm:2.1extensions">
  <auids>
    <auid> xcap-caps </auid><auid>resource-lists
    </auid><auid>com.example.x</auid><auid>com.example.x</auid>
  </auids>
  <extensions><extension> com.example.partial </extension></extensions>
  <namespaces><namespace> urn:ietf:params:xml:ns:xcap-caps </namespace><namespace>urn:x</namespace></namespaces>
  <o:xdm-caps><o:au auid="resource-lists"><o:requests><o:diff-read/></o:requests></o:au><o:subscribe><o:sip/></o:subscribe></o:xdm-caps>
</xcap-caps>
"""


def serve(request: httpx.Request) -> httpx.Response:
    assert request.url.path == "/root/xcap-caps/global/index"
    if request.headers.get("If-None-Match") == '"1"':
        return httpx.Response(304, headers={"ETag": '"1"'})
    return httpx.Response(200, text=REAL, headers={"ETag": '"1"', "Content-Type": XCAP_CAPS.media_type})


def test_questions() -> None:
    with XcapClient(ROOT, http=httpx.Client(transport=httpx.MockTransport(serve))) as xcap:
        assert xcap.capabilities.supports(RESOURCE_LISTS)
        assert xcap.capabilities.supports("com.example.x")
        assert not xcap.capabilities.supports("com.example")
        assert xcap.capabilities.knows("urn:x")
        assert not xcap.capabilities.knows("urn:y")
        assert xcap.capabilities.extended_by("com.example.partial")
        assert not xcap.capabilities.extended_by("partial")


def test_questions_asynchronously() -> None:
    async def story() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(serve))
        async with AsyncXcapClient(ROOT, http=http) as xcap:
            assert await xcap.capabilities.supports("resource-lists")
            assert await xcap.capabilities.knows("urn:ietf:params:xml:ns:xcap-caps")
            assert await xcap.capabilities.extended_by("com.example.partial")
            assert not await xcap.capabilities.extended_by("x")

    asyncio.run(story())


def test_what_oma_adds_is_there() -> None:
    server = parse(REAL.encode(), XcapCaps)
    assert len(server.foreign) == 1
    assert server.extensions is not None
    assert list(server.auids) == ["xcap-caps", "resource-lists", "com.example.x", "com.example.x"]
    assert (len(server.auids), len(server.extensions)) == (4, 1)


def test_the_rule_sees_through_white_space() -> None:
    server = parse(REAL.encode(), XcapCaps)
    assert XCAP_CAPS.problems(server) == []
    server.auids = Auids(items=["resource-lists"])
    [problem] = XCAP_CAPS.problems(server)
    assert (problem.place, problem.rule) == ("auids", "capabilities")
