"""The demo: a day in the life of a buddy list, on a real server over HTTP, checked at every step."""

from __future__ import annotations

import contextlib
import secrets
import struct
import tempfile
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from xcap_documents.pres_rules import SubHandling
from xcap_sdk import InvalidDocument, MergeConflict, MustNotExist, Network, NotFound, XcapClient
from xcap_sdk.cli.show import Screen

if TYPE_CHECKING:
    from xcap_sdk import BearerAuth
    from xcap_sdk.settings import XcapSettings

LEFT_BY_ANOTHER_CLIENT = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- kept by hand since 2009: please leave my comments alone -->
<buddies:resource-lists xmlns:buddies="urn:ietf:params:xml:ns:resource-lists"
    xmlns:phone='urn:example:phone'>
  <buddies:list name="friends">
    <buddies:entry uri='sip:bill@example.com' phone:ring="loud">
      <buddies:display-name>Bill Doe</buddies:display-name>
      <phone:shortcut  key = "7"><![CDATA[<hold to dial>]]></phone:shortcut>
    </buddies:entry>
    <buddies:entry-ref ref="resource-lists/users/sip:bill@example.com/index/~~/resource-lists/\
list%5b@name=%22list1%22%5d/entry%5b@uri=%22sip:petri@example.com%22%5d"/>
    <buddies:list name="close-friends">
      <buddies:display-name>Close Friends</buddies:display-name>
      <buddies:entry uri="sip:joe@example.com">
        <buddies:display-name>Joe Smith</buddies:display-name>
      </buddies:entry>
      <!-- Nancy: only after six -->
      <buddies:entry uri="sip:nancy@example.com">
        <buddies:display-name>Nancy Gross</buddies:display-name>
      </buddies:entry>
      <buddies:external anchor="http://xcap.example.org/resource-lists/users/sip:a@example.org/index/~~/\
resource-lists/list%5b@name=%22mkting%22%5d">
        <buddies:display-name>Marketing</buddies:display-name>
      </buddies:external>
    </buddies:list>
  </buddies:list>
</buddies:resource-lists>
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Who talks to the server.

    Attributes:
        user: The XUI.
        auth: User name and password, or a token; None for none.
    """

    user: str
    auth: tuple[str, str] | BearerAuth | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo plays.

    Attributes:
        root: The XCAP root URI.
        owner: Whose documents are edited.
        reader: Who reads the owner's icon.
        lists: Name of the resource-lists document.
        rules: Name of the pres-rules document.
        icon: Name of the status icon's document.
        settings: How the server is reached; None for one of the demo's own, which is gone afterwards.
    """

    root: str
    owner: Account
    reader: Account
    lists: str = "index"
    rules: str = "index"
    icon: str = "oma_status-icon/rcs_status_icon"
    settings: XcapSettings | None = None


def run_embedded(console: Console) -> int:
    """Run the demo on an embedded server of its own, on a free loopback port.

    Returns:
        The exit code: 0 only if everything held.
    """
    from xcap_sdk.server import running_server

    passwords = {"alice": secrets.token_urlsafe(), "bob": secrets.token_urlsafe()}
    with running_server(users=passwords) as root:
        console.print(f"An XCAP server runs at {root}, with Digest authentication.")
        owner = Account("sip:alice@example.com", ("alice", passwords["alice"]))
        reader = Account("sip:bob@example.com", ("bob", passwords["bob"]))
        return run(Stage(root, owner, reader), console)


def run_on(settings: XcapSettings, console: Console) -> int:
    """Run the demo on any server, in documents of its own that are removed afterwards.

    Returns:
        The exit code: 0 only if everything held, 2 if one of the documents was there already.
    """
    name = "xcap-demo"
    owner = Account(settings.user or "", settings.auth)
    return run(Stage(settings.root, owner, owner, name, name, f"oma_status-icon/{name}", settings), console)


def run(stage: Stage, console: Console) -> int:
    """Play the whole story on a stage and return the exit code."""
    screen = Screen(console)
    with contextlib.ExitStack() as clients:
        open_client: Callable[[str, Account], XcapClient] = partial(_client, clients, screen, stage)
        owner = open_client("alice", stage.owner)
        if stage.settings is not None and (taken := _taken(owner, stage)):
            screen.say(
                f"Nothing was touched: {taken} is there already, and the demo only uses documents of its own."
            )
            return 2
        with _removing(owner, stage, screen):
            _story(stage, screen, owner, open_client)
    screen.title("All of it holds." if not screen.failures else "NOT all of it holds:")
    for failure in screen.failures:
        screen.say(f"✗ {failure}")
    screen.say(f"{screen.checks} checks, {len(screen.exchanges)} HTTP exchanges")
    return 1 if screen.failures else 0


def _story(
    stage: Stage, screen: Screen, owner: XcapClient, open_client: Callable[[str, Account], XcapClient]
) -> None:
    _left_by_another_client(stage, screen, open_client("old", stage.owner))
    _edit_lists(stage, screen, owner)
    _block(stage, screen, owner)
    _icon(stage, screen, owner, open_client("bob", stage.reader))
    phone = open_client("phone", stage.owner)
    _merge(stage, screen, owner, phone)
    _conflict(stage, screen, owner, phone)
    _invalid(stage, screen, owner)
    _read_again(stage, screen, open_client("new", stage.owner))


def _left_by_another_client(stage: Stage, screen: Screen, old: XcapClient) -> None:
    screen.title("Another client left a document, with comments, a prefix of its own and an extension")
    address = old.resource_lists.address(document=stage.lists)
    reply = old.put(address, LEFT_BY_ANOTHER_CLIENT, condition=MustNotExist())
    screen.expect("the server stored it", reply.status in {200, 201})


def _edit_lists(stage: Stage, screen: Screen, owner: XcapClient) -> None:
    screen.title("Alice reads it as objects")
    document = owner.resource_lists.get(document=stage.lists)
    screen.tree(document.model)
    screen.expect("the bytes are the ones that the other client put", document.xml == LEFT_BY_ANOTHER_CLIENT)

    screen.title("She adds Carol, renames Bill and removes Joe; first the plan, then the save")
    friends = document.model.lists["friends"]
    friends.entries.add("sip:carol@example.com", display_name="Carol Jones")
    friends.entries["sip:bill@example.com"].label = "Bill at work"
    friends.lists["close-friends"].entries.remove("sip:joe@example.com")
    screen.say(str(document.plan()))
    report = document.save()
    screen.say(f"outcome: {report.outcome}, requests: {report.requests}, ETag: {report.etag}")
    stored = owner.get(owner.resource_lists.address(document=stage.lists)).body
    removed, added = screen.difference(LEFT_BY_ANOTHER_CLIENT, stored)
    screen.expect(
        "only her three edits changed the document, everything else is as it was, byte for byte",
        removed
        == [
            "<buddies:display-name>Bill Doe</buddies:display-name>",
            '<buddies:entry uri="sip:joe@example.com">',
            "<buddies:display-name>Joe Smith</buddies:display-name>",
            "</buddies:entry>",
        ]
        and "<buddies:display-name>Bill at work</buddies:display-name>" in added
        and any("sip:carol@example.com" in line for line in added)
        and all(
            "Carol" in line or "carol" in line or "Bill" in line or line.startswith("</") for line in added
        ),
    )


def _block(stage: Stage, screen: Screen, owner: XcapClient) -> None:
    screen.title("She blocks Mallory from seeing her presence")
    with (edit := owner.pres_rules.edit(document=stage.rules)) as policy:
        rule = policy.rules.ensure("blocked")
        rule.identity.add("sip:mallory@example.com")
        rule.sub_handling = SubHandling.BLOCK
    screen.expect("the rule was created", edit.report is not None and edit.report.outcome == "created")


def _icon(stage: Stage, screen: Screen, owner: XcapClient, reader: XcapClient) -> None:
    screen.title("She uploads a status icon, and another user reads it")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "me.png"
        path.write_bytes(picture())
        owner.status_icon.upload(path, document=stage.icon)
        icon = reader.of(stage.owner.user).status_icon.get(document=stage.icon).model
        screen.say(
            f"{icon.mime_type.value if icon.mime_type else 'no media type'}, {len(icon.decode())} bytes"
        )
        screen.expect("it is the picture that was uploaded", icon.decode() == path.read_bytes())


def _merge(stage: Stage, screen: Screen, owner: XcapClient, phone: XcapClient) -> None:
    screen.title("Her phone changes the lists while she edits them on the desktop: both changes go together")
    document = owner.resource_lists.get(document=stage.lists)
    document.model.lists["friends"].entries.add("sip:dave@example.com", display_name="Dave")
    with phone.resource_lists.edit(document=stage.lists) as book:
        book.lists["friends"].entries.add("sip:eve@example.com", display_name="Eve")
    report = document.save()
    screen.say(f"outcome: {report.outcome}, merged: {report.merged}, requests: {report.requests}")
    stored = phone.resource_lists.get(document=stage.lists).model.lists["friends"].entries
    screen.expect(
        "the save was merged with what the phone wrote, and nothing of either is lost",
        report.merged and "sip:dave@example.com" in stored and "sip:eve@example.com" in stored,
    )


def _conflict(stage: Stage, screen: Screen, owner: XcapClient, phone: XcapClient) -> None:
    screen.title("Both rename Bill: nobody but she can say who is right")
    document = owner.resource_lists.get(document=stage.lists)
    bill = "sip:bill@example.com"
    document.model.lists["friends"].entries[bill].label = "Bill from work"
    document.model.lists["friends"].label = "My friends"
    with phone.resource_lists.edit(document=stage.lists) as book:
        book.lists["friends"].entries[bill].label = "William"
    theirs = phone.resource_lists.get(document=stage.lists).xml
    try:
        document.save()
    except MergeConflict as conflict:
        screen.say(str(conflict))
        screen.expect("one place clashes, and the report names it", len(conflict.clashes) == 1)
        screen.expect(
            "nothing was written, and base, mine and theirs are in hand",
            conflict.theirs == theirs == phone.resource_lists.get(document=stage.lists).xml,
        )
    else:
        screen.expect("the save was refused", holds=False)
    report = document.save(on_conflict="theirs")
    friends = document.model.lists["friends"]
    screen.expect(
        "she leaves that place to the phone, and keeps the rest of her edit",
        report.merged and friends.entries[bill].label == "William" and friends.label == "My friends",
    )


def _invalid(stage: Stage, screen: Screen, owner: XcapClient) -> None:
    screen.title("An edit that would make the document invalid")
    before = screen.exchanges.copy()
    try:
        with owner.resource_lists.edit(document=stage.lists) as book:
            book.lists["friends"].entries["sip:dave@example.com"].uri = "sip:eve@example.com"
    except InvalidDocument as error:
        screen.say(str(error))
        places = [problem.place for problem in error.problems]
        screen.expect(
            "the error names the place", any('lists["friends"].entries' in place for place in places)
        )
    else:
        screen.expect("the edit was refused", holds=False)
    sent = [method for method, _ in screen.exchanges[len(before) :]]
    screen.expect("nothing was sent", set(sent) <= {"GET"})


def _read_again(stage: Stage, screen: Screen, fresh: XcapClient) -> None:
    screen.title("A new client reads everything again")
    book = fresh.resource_lists.get(document=stage.lists).model
    screen.tree(book)
    friends = book.lists["friends"]
    names = [(entry.uri, entry.label) for entry in friends.entries]
    screen.expect(
        "the friends are Bill, Carol, Eve and Dave",
        names
        == [
            ("sip:bill@example.com", "William"),
            ("sip:carol@example.com", "Carol Jones"),
            ("sip:eve@example.com", "Eve"),
            ("sip:dave@example.com", "Dave"),
        ],
    )
    screen.expect(
        "Nancy is the close friend left",
        friends.lists["close-friends"].entries.keys() == ["sip:nancy@example.com"],
    )
    rule = fresh.pres_rules.get(document=stage.rules).model.rules["blocked"]
    screen.expect(
        "Mallory is blocked",
        rule.sub_handling is SubHandling.BLOCK and "sip:mallory@example.com" in rule.identity,
    )
    icon = fresh.status_icon.get(document=stage.icon).model
    screen.expect("the icon is there", icon.decode() == picture())


def _client(
    clients: contextlib.ExitStack, screen: Screen, stage: Stage, who: str, account: Account
) -> XcapClient:
    settings = stage.settings
    network = Network() if settings is None else settings.network
    http = clients.enter_context(network.client())
    http.event_hooks = {"response": [partial(screen.exchange, who)]}
    client = XcapClient(
        stage.root,
        user=account.user,
        auth=account.auth,
        timeout=settings and settings.timeout,
        deadline=settings and settings.deadline,
        network=replace(network, tls=None, proxy=None, http2=False, connections=None),  # http has them
        http=http,
        profile=settings and settings.known_profile,
        intended_identity=settings and settings.intended_identity,
        preferred_identity=settings and settings.preferred_identity,
    )
    return clients.enter_context(client)


def _documents(
    client: XcapClient, stage: Stage
) -> list[tuple[str, Callable[[], object], Callable[[], object]]]:
    lists, rules, icon = client.resource_lists, client.pres_rules, client.status_icon
    return [
        (
            lists.address(document=stage.lists).uri,
            partial(lists.get, document=stage.lists),
            partial(lists.delete, document=stage.lists),
        ),
        (
            rules.address(document=stage.rules).uri,
            partial(rules.get, document=stage.rules),
            partial(rules.delete, document=stage.rules),
        ),
        (
            icon.address(document=stage.icon).uri,
            partial(icon.get, document=stage.icon),
            partial(icon.delete, document=stage.icon),
        ),
    ]


def _taken(client: XcapClient, stage: Stage) -> str | None:
    """The first of the demo's documents that is there already."""
    for uri, get, _ in _documents(client, stage):
        with contextlib.suppress(NotFound):
            get()
            return uri
    return None


@contextlib.contextmanager
def _removing(client: XcapClient, stage: Stage, screen: Screen) -> Generator[None]:
    """On a server that is not the demo's own, remove its documents at the end, whatever happened."""
    try:
        yield
    finally:
        if stage.settings is not None:
            screen.title("The demo removes its documents")
            for uri, get, delete in _documents(client, stage):
                with contextlib.suppress(NotFound):
                    get()
                    delete()
                try:
                    get()
                except NotFound:
                    screen.expect(f"{uri} is gone", holds=True)
                else:
                    screen.expect(f"{uri} is gone", holds=False)


def picture(size: int = 24) -> bytes:
    """A small PNG: a disc on white."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    middle = (size - 1) / 2
    rows = b"".join(
        b"\0"
        + b"".join(
            b"\x2d\x6c\xdf" if (x - middle) ** 2 + (y - middle) ** 2 < middle**2 else b"\xff\xff\xff"
            for x in range(size)
        )
        for y in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
