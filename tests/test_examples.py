"""The programs in examples/ run against the embedded server, as a user would start them, and do what they say."""

from __future__ import annotations

import ast
import importlib.util
import io
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import NotFound, XcapClient
from xcap_sdk.client import XcapTree
from xcap_sdk.server import RunningServer

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*.py"))
USERS = ("alice", "bob", "carol", "provider")


class Shell:
    """Starts the programs, each as one user."""

    def __init__(
        self, server: RunningServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._server = server
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, program: str, *arguments: str, user: str = "alice") -> list[str]:
        """The lines that a program prints."""
        for name, value in self.environment(user).items():
            self._monkeypatch.setenv(name, value)
        self._monkeypatch.setattr(sys, "argv", [program, *arguments])
        runpy.run_path(str(EXAMPLES / program), run_name="__main__")
        return self._capsys.readouterr().out.splitlines()

    def environment(self, user: str) -> dict[str, str]:
        return {
            "XCAP_ROOT": self._server.root,
            "XCAP_USER": f"sip:{user}@example.org",
            "XCAP_USERNAME": user,
            "XCAP_PASSWORD": "secret",
        }

    def client(self, user: str = "alice") -> XcapClient:
        return self._server.client(f"sip:{user}@example.org", auth=(user, "secret"))


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from bookmarks import BOOKMARKS  # the example's own usage, which its server has to know

    with RunningServer(
        users=dict.fromkeys(USERS, "secret"), trusted=["provider"], usages=[BOOKMARKS]
    ) as server:
        yield Shell(server, monkeypatch, capsys)


def test_buddy_list(shell: Shell) -> None:
    assert shell("buddy_list.py", "show") == ["no buddy list yet"]
    shell("buddy_list.py", "add", "friends", "sip:dave@example.org")
    shell("buddy_list.py", "add", "friends", "SIP:bob@EXAMPLE.org", "Bob", "Builder")
    shell("buddy_list.py", "add", "friends", "sip:carol@example.org", "Carol")
    assert shell("buddy_list.py", "show") == [
        "friends",
        "  sip:dave@example.org <sip:dave@example.org>",
        "  Bob Builder <sip:bob@example.org>",
        "  Carol <sip:carol@example.org>",
    ]
    shell("buddy_list.py", "sort", "friends")
    shell("buddy_list.py", "remove", "friends", "sip:carol@example.org")
    assert shell("buddy_list.py", "show")[1:] == [
        "  Bob Builder <sip:bob@example.org>",
        "  sip:dave@example.org <sip:dave@example.org>",
    ]
    with pytest.raises(KeyError, match="did you mean"):
        shell("buddy_list.py", "remove", "friends", "sip:bobb@example.org")


def test_list_service(shell: Shell) -> None:
    team = "sip:team@example.org"
    shell("buddy_list.py", "add", "friends", "sip:bob@example.org")
    assert shell("list_service.py", "publish", team, "friends") == [f"{team} stands for sip:bob@example.org"]

    taken, service, problem = shell("list_service.py", "publish", team, "nobody", user="bob")
    assert taken == f"{team} is taken"
    assert "dangling" in problem
    with shell.client("bob") as bob:
        [made] = bob.rls_services.get().model.services
    assert made.uri != team
    assert service == f"{made.uri} stands for nobody"

    shell("list_service.py", "withdraw", team)
    assert shell("list_service.py", "show") == []


def test_presence_rules(shell: Shell) -> None:
    bob, mallory = "sip:bob@example.org", "sip:mallory@example.org"
    assert shell("presence_rules.py", "allow", bob, mallory) == []
    assert shell("presence_rules.py", "who", bob)[0].startswith("allow, with activities, mood")
    shell("presence_rules.py", "block", mallory)
    assert shell("presence_rules.py", "who", mallory) == ["block"]
    shell("presence_rules.py", "forget", bob)
    assert shell("presence_rules.py", "who", bob) == ["block"]

    with shell.client() as xcap, xcap.pres_rules.edit() as rules:  # another client's rule
        rule = rules.rules.add("friends")
        rule.identity.add(mallory)
        rule.sub_handling = "allow"
    [warning] = shell("presence_rules.py", "block", mallory)
    assert warning.startswith('allow still, by the rule friends: rules["friends"].identity.remove')
    assert shell("presence_rules.py", "who", mallory) == ["allow, with open and closed alone"]


def test_rcs_privacy(shell: Shell) -> None:
    number = "tel:+4930123456"
    assert shell("rcs_privacy.py", "setup") == []
    assert shell("rcs_privacy.py", "setup") == ["the rules are there already, and stay as they are"]
    assert shell("rcs_privacy.py", "who", number) == ["confirm by wp_prs_unlisted"]
    shell("rcs_privacy.py", "grant", number)
    assert shell("rcs_privacy.py", "who", number) == ["allow by wp_prs_grantedcontacts"]
    shell("rcs_privacy.py", "block", number)
    assert shell("rcs_privacy.py", "who", number) == ["block by wp_prs_blockedcontacts"]


def test_avatar(shell: Shell, tmp_path: Path) -> None:
    Image.effect_noise((1200, 900), 100).save(tmp_path / "photo.png")
    [sent] = shell("avatar.py", "send", "photo.png")
    assert sent.startswith("created")
    [fetched] = shell("avatar.py", "fetch", "sip:alice@example.org", "alice", user="bob")
    file, size = fetched.split(": ")
    data = (tmp_path / file).read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        assert size == "{} x {}".format(*picture.size)
        assert max(picture.size) <= 640
    assert len(data) <= 225_000
    assert shell("avatar.py", "fetch", "sip:carol@example.org", "carol") == [
        "sip:carol@example.org shows no picture"
    ]


def test_server_check(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shell("server_check.py")
    assert "yes resource-lists" in lines
    assert "yes com.example.bookmarks (unknown to the SDK)" in lines
    assert not [line for line in lines if line.startswith(("no", "warning"))]
    with pytest.raises(SystemExit, match="is this the root"):
        wrong = shell.environment("alice")["XCAP_ROOT"] + "/xcap"
        monkeypatch.setattr(shell, "environment", lambda user: {"XCAP_ROOT": wrong})
        shell("server_check.py")


def test_backup(shell: Shell, tmp_path: Path) -> None:
    shell("buddy_list.py", "add", "friends", "sip:bob@example.org")
    shell("call_forwarding.py", "waiting", "on")
    assert shell("backup.py", "copy") == ["2 fetched, 0 unchanged"]
    with shell.client() as xcap:
        stored = xcap.resource_lists.get().xml
        assert (tmp_path / "copy" / "resource-lists" / "index").read_bytes() == stored
    assert shell("backup.py", "copy") == ["0 fetched, 2 unchanged"]
    shell("buddy_list.py", "add", "friends", "sip:carol@example.org")
    assert shell("backup.py", "copy") == ["1 fetched, 1 unchanged"]
    assert b"carol" in (tmp_path / "copy" / "resource-lists" / "index").read_bytes()
    assert shell("backup.py", "none", user="bob") == ["0 fetched, 0 unchanged"]

    with shell.client("bob") as bob:
        bob.resource_lists.create(
            ResourceLists(), document="..\\index"
        )  # a way out of the folder, on Windows
    assert shell("backup.py", "bob", user="bob") == ["1 fetched, 0 unchanged"]
    assert [path.name for path in (tmp_path / "bob" / "resource-lists").iterdir()] == ["..%5Cindex"]


def test_business_card(shell: Shell) -> None:
    shell("business_card.py", "set", "Alice", "Liddell", "Oxford")
    card = ["BEGIN:VCARD", "VERSION:4.0", "FN:Alice Liddell", "N:Liddell;Alice;;;", "ADR:;;;Oxford;;;"]
    end = ["IMPP:sip:alice@example.org", "END:VCARD"]
    assert shell("business_card.py", "show", "sip:alice@example.org", user="bob") == [*card, *end]
    with shell.client() as xcap, xcap.user_profile.edit() as document:
        document.profile.label = "Alice\nTEL:112; really"
    assert shell("business_card.py", "show", "sip:alice@example.org")[2] == "FN:Alice TEL:112\\; really"
    shell("business_card.py", "set", "Alice", "Liddell", "Oxford")
    shell("business_card.py", "provide", "sip:alice@example.org", "a customer", user="provider")
    end.insert(0, "NOTE:The provider says: a customer")
    assert shell("business_card.py", "show", "sip:alice@example.org") == [*card, *end]


def test_talk_group(shell: Shell) -> None:
    assert shell("talk_group.py", "show") == ["no groups yet"]
    shell("talk_group.py", "create", "climbing", "sip:climbing@example.org", "sip:bob@example.org")
    shell("talk_group.py", "leader", "climbing", "sip:bob@example.org")
    with shell.client() as xcap:
        with xcap.group_usage_list.edit() as mine:
            mine.lists["groups"].entries.add("sip:chess@example.org")
        rules = xcap.groups.get("climbing").model.service.rules
    assert [rule.id for rule in rules] == ["members", "leader"]
    assert rules["leader"].allow_expelling
    assert shell("talk_group.py", "show") == [
        "Climbing sip:bob@example.org",
        "sip:chess@example.org (somebody else's group)",
    ]


def test_vacation(shell: Shell) -> None:
    assert shell("vacation.py", "back") == ["nothing was said"]
    [said] = shell("vacation.py", "away", "7", "At", "sea")
    with shell.client() as xcap:
        presence = xcap.presence.get().model
        me = presence.persons.ensure()
        assert list(me.activities) == ["vacation"]
        assert me.activities.note == "At sea"
        assert me.activities.until is not None
        assert said == f"away until {me.activities.until.date()}"
        assert presence.tuples["desk"].changed is not None
        assert shell("vacation.py", "back") == ["back: what devices publish counts again"]
        with pytest.raises(NotFound):
            xcap.presence.get()


def test_share_location(shell: Shell) -> None:
    shell("share_location.py", "family", "sip:bob@example.org", "sip:carol@example.org")
    for metres in ("5000", "3000"):
        shell("share_location.py", "colleagues", "example.com", "48.137", "11.575", metres)
    assert shell("share_location.py", "show") == [
        "family see everything anywhere",
        "colleagues see the city near Office",
    ]
    with shell.client() as xcap:
        [place] = xcap.geolocation_policy.get().model.rules["colleagues"].locations
    assert place.circle is not None
    assert place.circle.radius == 3000


def test_call_forwarding(shell: Shell) -> None:
    plain = ["waiting: off", "number: as the network has it"]
    assert shell("call_forwarding.py", "show") == plain
    with shell.client() as xcap:
        assert not xcap.simservs.exists()  # showing writes nothing
    forwarded = shell("call_forwarding.py", "forward", "busy", "tel:+4930123456")
    assert forwarded == ["busy: forwarded to tel:+4930123456", *plain]
    with shell.client() as xcap, xcap.simservs.edit() as services:
        services.diversion.active = False
    off = shell("call_forwarding.py", "show")
    assert off == ["forwarding: off, whatever follows", *forwarded]
    assert shell("call_forwarding.py", "forward", "busy", "tel:+4930123456") == forwarded  # turned on for it
    assert shell("call_forwarding.py", "stop", "busy") == plain
    assert shell("call_forwarding.py", "waiting", "on") == ["waiting: on", plain[1]]
    assert shell("call_forwarding.py", "hide", "on")[1] == "number: presentation-restricted"


def test_follow_changes(shell: Shell, tmp_path: Path) -> None:
    shell("buddy_list.py", "add", "friends", "sip:bob@example.org")
    with shell.client() as xcap:
        document = xcap.resource_lists.get()
    diff = (
        '<d:xcap-diff xmlns:d="urn:ietf:params:xml:ns:xcap-diff" xmlns="urn:ietf:params:xml:ns:resource-lists"'
        f' xcap-root="{document.address.root}/"><d:document new-etag="%s" previous-etag="%s"'
        ' sel="resource-lists/users/sip:alice@example.org/index">'
        '<d:add sel="*/list"><entry uri="sip:%s@example.org"/></d:add></d:document></d:xcap-diff>'
    )
    assert document.etag is not None
    for name, body in {
        "patch.xml": diff % ("2", document.etag.strip('"'), "carol"),
        "missed.xml": diff % ("4", "3", "dave"),
        "junk.xml": "<html/>",
    }.items():
        (tmp_path / name).write_text(body, "utf-8")
    first, junk, second = shell("follow_changes.py", "patch.xml", "junk.xml", "missed.xml")
    assert first == "patched 0 requests: friends (2)"
    assert junk.startswith("no diff: ")
    assert second == "fetched 1 requests: friends (1)"  # what the server has, where nobody added carol


def test_bookmarks(shell: Shell) -> None:
    shell("bookmarks.py", "add", "https://www.rfc-editor.org/rfc/rfc4825", "The", "XCAP", "standard")
    shell("bookmarks.py", "add", "https://example.org/")
    shell(
        "bookmarks.py", "add", "https://www.rfc-editor.org/rfc/rfc4825"
    )  # there already, and keeps its title
    environment = {**os.environ, **shell.environment("alice")}
    command = [sys.executable, "examples/bookmarks.py", "show"]  # started as the page says
    shown = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment)
    assert shown.stdout.splitlines() == [
        "The XCAP standard https://www.rfc-editor.org/rfc/rfc4825",
        "untitled https://example.org/",
    ]


def test_the_classes_are_what_xsdata_makes_of_the_schema(tmp_path: Path) -> None:
    pytest.importorskip("xsdata.codegen.writer", reason="needs xsdata[cli]")
    command = [sys.executable, "-m", "xsdata", "generate", "bookmarks.xsd", "--package", "own"]
    shutil.copy(EXAMPLES / "own" / "bookmarks.xsd", tmp_path)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # xsdata calls ruff
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env={**os.environ, "PATH": path})
    for name in ("__init__.py", "bookmarks.py"):
        assert (tmp_path / "own" / name).read_text("utf-8") == (EXAMPLES / "own" / name).read_text("utf-8")


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_is_short_and_says_how_to_start_it(program: Path) -> None:
    source = program.read_text("utf-8")
    assert source.count("\n") <= 60
    usage = ast.get_docstring(ast.parse(source)) or ""
    assert f"\n\npython examples/{program.name}" in usage
    assert f"]({program.name})" in (EXAMPLES / "README.md").read_text("utf-8")


def test_arguments_that_mean_nothing_show_the_usage(shell: Shell) -> None:
    for program in PROGRAMS:
        if "arguments" in program.read_text("utf-8"):
            with pytest.raises(SystemExit, match=f"python examples/{program.name}"):
                shell(program.name, "nonsense")


def test_every_usage_has_a_program() -> None:
    sources = "".join(program.read_text("utf-8") for program in PROGRAMS)
    properties = {name for name, value in vars(XcapTree).items() if isinstance(value, property)}
    assert "simservs" in properties
    used = set(re.findall(r"\.(\w+)\b", sources))
    assert properties | {"capabilities", "apply", "repository"} <= used


def test_the_programs_import_nothing_private() -> None:
    for program in PROGRAMS:
        imports = re.findall(r"^(?:from|import) ([\w.]+)", program.read_text("utf-8"), re.MULTILINE)
        ours = {name for name in imports if name.startswith(("xcap_sdk", "xcap_documents"))}
        assert not any(part.startswith("_") for name in ours for part in name.split("."))
        assert {name for name in ours if name.startswith("xcap_sdk.")} <= {"xcap_sdk.usages"}
        assert all(importlib.util.find_spec(name) for name in ours)
