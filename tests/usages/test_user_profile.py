"""User profiles and locked user profiles: rules, and edits over the embedded server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from xcap_documents.oma_user_profile import ProfileLinks, ProfileText, UserProfile, UserProfiles
from xcap_sdk import (
    LOCKED_USER_PROFILE,
    USER_PROFILE,
    ApplicationUsage,
    AsyncXcapClient,
    ConstraintFailure,
    Forbidden,
    InvalidDocument,
    NotFound,
    SchemaValidationFailure,
    Unconditional,
    XcapClient,
    validate,
)
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server import RunningServer

ALICE, BOB, PROVIDER = "sip:alice@example.org", "sip:bob@example.org", "sip:provider@example.org"
USERS = {"alice": "a", "bob": "b", "provider": "p"}
REAL = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- written by a telephone -->
<p:user-profiles xmlns:p='urn:oma:xml:xdm:user-profile' xmlns:v="urn:example:vendor">
   <p:user-profile uri = "sip:alice@example.org" v:badge='gold'>
      <p:display-name xml:lang="en">Alice</p:display-name>
      <p:birth-date>1995-05-20Z</p:birth-date>
      <p:name xml:lang="en"><p:given-name>Alice</p:given-name><p:family-name>Liddell</p:family-name><p:name-suffix/></p:name>
      <p:hobbies><p:hobby xml:lang="en">Croquet</p:hobby><!-- and --><p:hobby>Chess</p:hobby></p:hobbies>
      <v:ring-tone>march</v:ring-tone>
   </p:user-profile>
</p:user-profiles>
"""


@pytest.fixture
def guarded(xcap_server_factory: Callable[..., RunningServer]) -> RunningServer:
    return xcap_server_factory(users=USERS, trusted=["provider"])


def client(server: RunningServer, name: str) -> XcapClient:
    return XcapClient(server.root, user=f"sip:{name}@example.org", auth=(name, USERS[name]))


def at(xui: str | None, usage: str = USER_PROFILE.auid) -> DocumentAddress:
    tree = "users" if xui else "global"
    return DocumentAddress(root=XcapRoot("http://x.example.org"), auid=usage, tree=tree, xui=xui)


@pytest.mark.parametrize("usage", [USER_PROFILE, LOCKED_USER_PROFILE], ids=str)
def test_a_profile_names_its_own_user(usage: ApplicationUsage[UserProfiles]) -> None:
    mine = UserProfiles(profile=UserProfile(uri=ALICE))
    for address in (at(ALICE), at(None), None):
        validate(mine, usage, address)
    with pytest.raises(InvalidDocument) as caught:
        validate(mine, usage, at(ALICE.upper()))
    [problem] = caught.value.problems
    assert (problem.place, problem.rule) == ("profile.uri", "profile-uri")
    assert "Wrong User Profile URI: 'sip:alice@example.org' is not 'SIP:ALICE@EXAMPLE.ORG'" in problem.message


def test_an_edit_starts_with_a_profile_of_its_user(guarded: RunningServer) -> None:
    with client(guarded, "alice") as alice, client(guarded, "bob") as bob:
        with pytest.raises(NotFound):
            alice.user_profile.get()
        with alice.user_profile.edit() as mine:
            mine.profile.given_name = "Alice"
            mine.profile.hobbies.add("Chess")
        theirs = bob.of(ALICE).user_profile.get().model.profile
        assert (theirs.uri, theirs.given_name, list(theirs.hobbies)) == (ALICE, "Alice", ["Chess"])
        assert bob.user_profile.update(lambda own: setattr(own.profile, "label", "Bob")).outcome == "created"
        with pytest.raises(Forbidden), bob.of(ALICE).user_profile.edit() as mine:
            mine.profile.label = "Mallory"


def test_the_provider_writes_the_locked_profile(guarded: RunningServer) -> None:
    with (
        client(guarded, "alice") as alice,
        client(guarded, "bob") as bob,
        client(guarded, "provider") as provider,
    ):
        with pytest.raises(Forbidden), alice.locked_user_profile.edit() as mine:
            mine.profile.label = "Queen"
        with provider.of(ALICE).locked_user_profile.edit() as theirs:
            theirs.profile.birth_date = None
            theirs.profile.family_name = "Liddell"
        assert alice.locked_user_profile.get().model.profile.family_name == "Liddell"
        assert provider.of(ALICE).locked_user_profile.exists()
        for refused in (
            bob.of(ALICE).locked_user_profile.get,
            alice.locked_user_profile.delete,
            bob.of(ALICE).locked_user_profile.exists,
        ):
            with pytest.raises(Forbidden):
                refused()


def test_the_server_checks_whose_profile_it_is(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as alice:
        for repository in (alice.user_profile, alice.locked_user_profile):
            with pytest.raises(ConstraintFailure, match="Wrong User Profile URI"):
                alice.put(repository.address(), UserProfiles(profile=UserProfile(uri=BOB)))
            with pytest.raises(InvalidDocument, match=r"profile\.uri"), repository.edit() as mine:
                mine.profile.uri = BOB


def test_an_edit_keeps_every_other_byte(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as alice:
        alice.put(alice.user_profile.address(), REAL, condition=Unconditional())
        with (edit := alice.user_profile.edit(strategy="document")) as mine:
            mine.profile.given_name = "Al"
            mine.profile.hobbies.discard("Croquet")
            mine.profile.name_suffix = None
            assert mine.profile.born is not None
        expected = REAL.replace("<p:given-name>Alice", "<p:given-name>Al").replace("<p:name-suffix/>", "")
        expected = expected.replace('<p:hobby xml:lang="en">Croquet</p:hobby>', "")
        assert edit.document.xml == alice.get(alice.user_profile.address()).body == expected.encode()


def test_asynchronously(xcap_server: RunningServer) -> None:
    async def story() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as alice:
            async with alice.user_profile.edit() as mine:
                mine.profile.locality = "Oxford"
            assert (await alice.of(ALICE).user_profile.get()).model.profile.locality == "Oxford"
            async with alice.locked_user_profile.edit() as locked:
                locked.profile.favourite_links = ["https://example.org/"]
            report = await alice.user_profile.update(lambda own: own.profile.hobbies.add("Chess"))
            assert report.outcome == "patched"

    asyncio.run(story())


@pytest.mark.parametrize(
    "inside",
    [
        "",
        f'<user-profile uri="{ALICE}"/><user-profile uri="{ALICE}"/>',
        "<user-profile/>",
        f'<user-profile uri="{ALICE}"><gender>unknown</gender></user-profile>',
        f'<user-profile uri="{ALICE}"><hobbies/><display-name/></user-profile>',
        f'<user-profile uri="{ALICE}"><birth-date>20.5.1995</birth-date></user-profile>',
    ],
)
def test_what_the_schema_refuses(xcap_server: RunningServer, inside: str) -> None:
    xml = f'<user-profiles xmlns="urn:oma:xml:xdm:user-profile">{inside}</user-profiles>'
    with xcap_server.client(ALICE) as alice, pytest.raises(SchemaValidationFailure):
        alice.put(alice.user_profile.address(), xml)


def test_places_are_what_one_would_write() -> None:
    mine = UserProfile(uri=ALICE, favourite_link_list=ProfileLinks(items=["https://a", "%zz"]))
    mine.hobbies = ["Chess"]
    assert mine.hobby_list is not None
    mine.hobby_list.items[0].lang = "?"
    mine.display_name = ProfileText(value="A", lang="?")
    mine.given_name = "\0"
    with pytest.raises(InvalidDocument) as caught:
        validate(UserProfiles(profile=mine))
    assert caught.value.problems[0].place == "profile.given_name"
    mine.given_name = None
    with pytest.raises(InvalidDocument) as caught:
        validate(UserProfiles(profile=mine))
    assert [problem.place for problem in caught.value.problems] == [
        "profile.display_name.lang",
        "profile.hobby_list.items[0].lang",
        "profile.favourite_link_list.items[1]",
    ]
