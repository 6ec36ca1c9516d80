"""Saves per second, and many users at once, beside bare httpx that sends the very same requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import httpx

from benchmarks.corpus import uri
from benchmarks.serving import SMALL, XUI, server
from benchmarks.timing import Results, Row, Scale, Times, interleaved, median, ratio, shown
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import AsyncXcapClient, XcapClient

_TIMEOUT = 60.0
_CONDITIONS = {b"if-match", b"if-none-match"}
_KEPT = httpx.Limits(max_connections=100, max_keepalive_connections=100)  # as the SDK's clients have them


@dataclass(frozen=True)
class Sent:
    """A request as the SDK sent it."""

    method: str
    url: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def _taken(request: httpx.Request) -> Sent:
    return Sent(request.method, str(request.url), tuple(request.headers.raw), request.content)


class Request(TypedDict):
    """What `httpx.Client.request` is called with."""

    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    content: bytes


def _again(sent: Sent, etag: str) -> Request:
    """The same request once more, on the version that there is by now."""
    headers = [
        (name, etag.encode() if name.lower() in _CONDITIONS else value) for name, value in sent.headers
    ]
    return Request(method=sent.method, url=sent.url, headers=headers, content=sent.body)


def _edit(model: ResourceLists, number: int) -> None:
    model.lists["friends"].entries[uri(SMALL // 2)].label = f"changed {number}"


def run(scale: Scale) -> Results:
    """Measure: seconds of the wall, the server's among them."""
    results = Results()
    users = [f"sip:user{number}@example.net" for number in range(scale.users)]
    with server(*users) as root:
        rows = [
            ("saves of a small document, one after the other, sync", *_blocking(root, scale), 75.0),
            (
                "saves of a small document, one after the other, async",
                *asyncio.run(_in_turn(root, scale)),
                75.0,
            ),
            (
                f"edits of {scale.users} users at once, one AsyncXcapClient",
                *asyncio.run(_at_once(root, users, scale)),
                70.0,
            ),
        ]
    for subject, times, count, target in rows:
        percent = 100 * ratio(times, "httpx", "SDK")
        rates = ", ".join(f"{name} {shown(count / median(times, name))} a second" for name in times)
        compared = "of the speed of bare httpx sending the same requests"
        results.rows.append(Row(subject, compared, percent, "%", target, "least", rates))
    return results


def _blocking(root: str, scale: Scale) -> tuple[Times, int]:
    sent: list[Sent] = []

    def note(request: httpx.Request) -> None:
        sent.append(_taken(request))

    with httpx.Client(event_hooks={"request": [note]}) as recorder:
        with XcapClient(root, user=XUI, http=recorder, timeout=_TIMEOUT) as xcap:
            document = xcap.resource_lists.get()
            for number in range(scale.saves):
                _edit(document.model, number)
                document.save()
    puts = _only_puts(sent, scale.saves)
    with XcapClient(root, user=XUI, timeout=_TIMEOUT) as xcap, httpx.Client(timeout=_TIMEOUT) as http:

        def ours() -> None:
            document = xcap.resource_lists.get()
            for number in range(scale.saves):
                _edit(document.model, number)
                document.save()

        def bare() -> None:
            etag = http.request(**_again(sent[0], "")).headers["ETag"]
            for put in puts:
                reply = http.request(**_again(put, etag))
                assert reply.status_code == 200, reply
                etag = reply.headers["ETag"]

        times = interleaved({"SDK": ours, "httpx": bare}, scale.repeats, time.perf_counter)
    return times, scale.saves


def _only_puts(sent: Sequence[Sent], saves: int) -> list[Sent]:
    puts = [each for each in sent if each.method == "PUT"]
    assert len(puts) == saves == len(sent) - 1, "a GET, and each save is one request"
    return puts


async def _in_turn(root: str, scale: Scale) -> tuple[Times, int]:
    sent: list[Sent] = []
    async with _recording(sent) as recorder:
        async with AsyncXcapClient(root, user=XUI, http=recorder, timeout=_TIMEOUT) as xcap:
            document = await xcap.resource_lists.get()
            for number in range(scale.saves):
                _edit(document.model, number)
                await document.save()
    puts = _only_puts(sent, scale.saves)
    async with (
        AsyncXcapClient(root, user=XUI, timeout=_TIMEOUT) as xcap,
        httpx.AsyncClient(timeout=_TIMEOUT) as http,
    ):

        async def ours() -> None:
            document = await xcap.resource_lists.get()
            for number in range(scale.saves):
                _edit(document.model, number)
                await document.save()

        async def bare() -> None:
            etag = (await http.request(**_again(sent[0], ""))).headers["ETag"]
            for put in puts:
                reply = await http.request(**_again(put, etag))
                assert reply.status_code == 200, reply
                etag = reply.headers["ETag"]

        times = await _interleaved({"SDK": ours, "httpx": bare}, scale.repeats)
    return times, scale.saves


async def _at_once(root: str, users: Iterable[str], scale: Scale) -> tuple[Times, int]:
    sent: dict[str, list[Sent]] = {}
    etags: dict[str, str] = {}
    everything: list[Sent] = []
    async with _recording(everything) as recorder:
        async with AsyncXcapClient(root, http=recorder, timeout=_TIMEOUT) as xcap:
            for user in users:
                await _user(xcap, user, 1)  # from then on its GETs are conditional
                etags[user] = (await xcap.of(user).resource_lists.get()).etag or ""
                everything.clear()
                await _user(xcap, user, scale.edits)
                sent[user] = everything.copy()
                assert [each.method for each in sent[user]] == ["GET", "PUT"] * scale.edits
    async with (
        AsyncXcapClient(root, timeout=_TIMEOUT) as xcap,
        httpx.AsyncClient(timeout=_TIMEOUT) as http,
        httpx.AsyncClient(timeout=_TIMEOUT, limits=_KEPT) as keeping,
    ):

        async def ours() -> None:
            async with asyncio.TaskGroup() as group:
                for user in sent:
                    group.create_task(_user(xcap, user, scale.edits))

        async def one(http: httpx.AsyncClient, user: str) -> None:
            for request in sent[user]:
                reply = await http.request(**_again(request, etags[user]))
                assert reply.status_code in {200, 304}, reply
                etags[user] = reply.headers["ETag"]

        def bare(http: httpx.AsyncClient) -> Callable[[], Awaitable[None]]:
            async def run() -> None:
                async with asyncio.TaskGroup() as group:
                    for user in sent:
                        group.create_task(one(http, user))

            return run

        candidates = {"SDK": ours, "httpx": bare(http), "httpx keeping all connections": bare(keeping)}
        times = await _interleaved(candidates, scale.repeats)
    return times, len(sent) * scale.edits


_number = iter(range(10**9))


async def _user(xcap: AsyncXcapClient, user: str, edits: int) -> None:
    for _ in range(edits):
        async with xcap.of(user).resource_lists.edit() as model:
            _edit(model, next(_number))


def _recording(sent: list[Sent]) -> httpx.AsyncClient:
    async def note(request: httpx.Request) -> None:
        sent.append(_taken(request))

    return httpx.AsyncClient(event_hooks={"request": [note]})


async def _interleaved(functions: dict[str, Callable[[], Awaitable[None]]], repeats: int) -> Times:
    times: Times = {name: [] for name in functions}
    for number in range(repeats + 1):
        for name, function in functions.items():
            start = time.perf_counter()
            await function()
            if number:  # the first round opens the connections
                times[name].append(time.perf_counter() - start)
    return times
