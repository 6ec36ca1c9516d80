"""Profiles of servers as values: recognised, changed, saved and loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xcap_sdk import InvalidInput
from xcap_sdk.profiles import (
    CAUTIOUS,
    CONFORMANT,
    KAMAILIO,
    OPENXCAP,
    PROFILES,
    Ability,
    Danger,
    ServerProfile,
    load_profile,
    recognized,
    save_profile,
)
from xcap_sdk.protocol.profiles import NODE_WRITES


@pytest.mark.parametrize(
    ("server", "profile"),
    [
        ("xcap-sdk/0.1.0", CONFORMANT),
        ("kamailio (5.6.3 (x86_64/linux))", KAMAILIO),
        ("Kamailio (5.8.1 (aarch64/linux))", KAMAILIO),
        ("OpenXCAP/3.2.0", OPENXCAP),
        ("KAMAILIO", KAMAILIO),
        ("kamailio/5.6.3", KAMAILIO),
        ("nginx/1.22.1 kamailio (5.6.3)", KAMAILIO),
        ("nginx/1.22.1, kamailio (5.6.3)", KAMAILIO),
        ("OpenXCAP/2.8.0 TwistedWeb/12.0", OPENXCAP),
        ("  openxcap  ", OPENXCAP),
        ("nginx/1.22.1", CAUTIOUS),
        ("nginx/1.22.1 (in front of kamailio)", CAUTIOUS),
        ("nginx ((kamailio)", CAUTIOUS),
        ("kamailio-exporter/1.0", CAUTIOUS),
        ("xcap-sdk-proxy/1", CAUTIOUS),
        ("uvicorn", CAUTIOUS),
        (")))(((/,", CAUTIOUS),
        ("", CAUTIOUS),
    ],
)
def test_servers_are_recognized_by_what_they_call_themselves(server: str, profile: ServerProfile) -> None:
    assert recognized(server) is profile


@pytest.mark.parametrize(
    ("server", "auids", "profile"),
    [
        ("uvicorn", {"xcap-caps", "resource-lists", "org.openxcap.dialog-rules"}, OPENXCAP),
        ("", {"org.openxcap.watchers"}, OPENXCAP),
        ("nginx", {"xcap-caps", "resource-lists"}, CAUTIOUS),
        ("kamailio (5.6.3)", {"org.openxcap.watchers"}, KAMAILIO),
    ],
)
def test_what_xcap_caps_lists_tells_where_the_name_does_not(
    server: str, auids: set[str], profile: ServerProfile
) -> None:
    assert recognized(server, auids) is profile


def test_of_an_unknown_server_only_the_document_under_if_match_is_trusted() -> None:
    assert CAUTIOUS.right == {Ability.MATCH, Ability.REVALIDATE}
    assert CAUTIOUS.wrong == frozenset()
    assert CAUTIOUS.dangers == frozenset(Danger)


@pytest.mark.parametrize("profile", [KAMAILIO, OPENXCAP])
def test_no_real_server_is_trusted_with_single_nodes(profile: ServerProfile) -> None:
    assert profile.right.isdisjoint(NODE_WRITES)
    assert profile.does(Ability.MATCH)


def test_knowledge_can_be_changed() -> None:
    known = KAMAILIO.knowing(right=[Ability.SET_ATTRIBUTE], wrong=[Ability.REVALIDATE])
    assert known.does(Ability.SET_ATTRIBUTE, Ability.MATCH)
    assert not known.does(Ability.SET_ATTRIBUTE, Ability.DELETE_ATTRIBUTE)
    assert known.fails(Ability.REVALIDATE)
    assert not known.fails(Ability.SET_ATTRIBUTE)
    unknown = known.without([Ability.SET_ATTRIBUTE, Ability.REVALIDATE])
    assert not unknown.does(Ability.SET_ATTRIBUTE)
    assert not unknown.fails(Ability.REVALIDATE)
    assert unknown.name == KAMAILIO.name
    with pytest.raises(ValueError, match="if-match cannot be both"):
        ServerProfile(name="x", right=frozenset({Ability.MATCH}), wrong=frozenset({Ability.MATCH}))


def test_a_profile_says_what_it_knows() -> None:
    text = str(ServerProfile(name="mine", right=frozenset({Ability.MATCH}), max_document=1000))
    assert text.startswith("mine\n  right: if-match\n  wrong: nothing\n  not known: append-element, ")
    assert text.endswith("documents: up to 1,000 bytes")
    assert "never sent: delete-several, get-namespaces" in str(KAMAILIO)
    assert "not known" not in str(CONFORMANT)


@pytest.mark.parametrize("profile", [*PROFILES, CAUTIOUS, KAMAILIO.knowing(right=[Ability.CREATED])])
def test_a_file_holds_a_profile(profile: ServerProfile, tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    save_profile(profile, path)
    assert load_profile(path) == profile
    assert load_profile(str(path)).right == profile.right


def test_files_of_equal_profiles_are_equal(tmp_path: Path) -> None:
    save_profile(KAMAILIO, tmp_path / "server.json")
    held = json.loads((tmp_path / "server.json").read_bytes())
    for name in ("right", "wrong", "dangers", "busy", "usages"):
        assert held[name] == sorted(held[name]) != [], name


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no profile of a server: profile: Invalid JSON"),
        (b"{}", "name: it has to be there"),
        (b"[]", "profile: Input should be an object"),
        (b"name: x", "Invalid JSON"),
        (b'{"name": "x"} and more', "Invalid JSON: trailing characters"),
        (b'{"name": "\xe9"}', "byte 10 is no UTF-8"),
        (b"\xff\xfe{\x00}\x00", "byte 0 is no UTF-8"),
        (b"[" * 100_000, "recursion limit"),
        (b'{"name": 3}', "name: Input should be a valid string"),
        (b'{"name": "x", "right": "if-match"}', "right: Input should be a valid"),
        (b'{"name": "x", "right": ["swim"]}', "right.0: Input should be 'append-element'"),
        (b'{"name": "x", "right": ["if-match"], "wrong": ["if-match"]}', "cannot be both"),
        (b'{"name": "x", "rights": []}', "rights: there is none of that name, but name, servers, "),
        (b'{"name": "x", "dangers": ["all"]}', "dangers.0: Input should be 'get-namespaces'"),
        (b'{"name": "x", "busy": ["503"]}', "busy.0: Input should be a valid integer"),
        (b'{"name": "x", "busy": [200]}', "has to be statuses from 400 to 599"),
        (b'{"name": "x", "max_document": true}', "max_document: Input should be a valid integer"),
        (b'{"name": "x", "max_document": 0}', "max_document=0 has to be above 0"),
    ],
)
def test_a_file_that_holds_none_says_why(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        load_profile(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "save_profile() and `xcap probe --save-profile` write such files" in str(caught.value)


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    path.write_bytes(b'\xef\xbb\xbf{"name": "x"}')
    assert load_profile(path) == ServerProfile(name="x")


def test_a_file_that_cannot_be_read_or_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_profile(tmp_path / "missing.json")
    with pytest.raises(InvalidInput, match=r"cannot be read \(Is a directory\)"):
        load_profile(tmp_path)
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_profile("server\0.json")
    with pytest.raises(InvalidInput, match=r"cannot be written \(Is a directory\)"):
        save_profile(KAMAILIO, tmp_path)
    with pytest.raises(InvalidInput, match="cannot be written"):
        save_profile(KAMAILIO, tmp_path / "missing" / "server.json")
