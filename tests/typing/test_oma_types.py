"""User profiles, directories and capabilities as a user's strictly checked code sees them; also run."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, assert_type

from xcap_documents.oma_user_profile import Gender, ProfileName, UserProfile, UserProfiles
from xcap_documents.oma_xcap_directory import DirectoryEntry, XcapDirectory
from xcap_documents.xcap_caps import Auids, Extensions, Namespaces, XcapCaps

if TYPE_CHECKING:
    from xcap_sdk import AsyncXcapClient, DirectoryListing, DocumentAddress, ListedDocument, XcapClient

    def sync(xcap: XcapClient) -> None:
        with xcap.user_profile.edit() as document:
            assert_type(document, UserProfiles)
            assert_type(document.profile, UserProfile)
        assert_type(xcap.locked_user_profile.get().model.profile.given_name, str | None)
        assert_type(xcap.directory.documents(), DirectoryListing)
        for row in xcap.directory.documents():
            assert_type(row, ListedDocument)
            assert_type(row.address, DocumentAddress | None)
            assert_type(row.modified, dt.datetime | None)
        assert_type(xcap.directory.get().model, XcapDirectory)
        assert_type(xcap.capabilities.knows("urn:x"), bool)
        assert_type(xcap.capabilities.extended_by("x"), bool)

    async def concurrently(xcap: AsyncXcapClient) -> None:
        assert_type(await xcap.directory.documents(), DirectoryListing)
        assert_type((await xcap.user_profile.get()).model, UserProfiles)
        assert_type(await xcap.capabilities.knows("urn:x"), bool)


def test_profiles() -> None:
    me = UserProfile(uri="sip:alice@example.org", gender=Gender.FEMALE)
    me.given_name = "Alice"
    me.locality = None
    me.birth_date = dt.date(1995, 5, 20)
    me.hobbies = ["Chess"]
    me.favourite_links.add("https://example.org")
    assert_type(me.label, str | None)
    assert_type(UserProfile(uri="sip:a@b").birth_date, dt.date | None)
    assert_type(me.name, ProfileName | None)
    assert_type(list(me.hobbies), list[str])
    assert_type("Chess" in me.hobbies, bool)
    me.communication_types = None


def test_directories() -> None:
    entry = DirectoryEntry(uri="http://x", etag="1")
    assert_type(entry.modified, dt.datetime | None)
    for folder in XcapDirectory().folders:
        assert_type(folder.entries, tuple[DirectoryEntry, ...])
        assert_type(folder.error, str | None)


def test_capabilities() -> None:
    server = XcapCaps(auids=Auids(items=[" a "]), namespaces=Namespaces(), extensions=Extensions(items=["e"]))
    assert_type("a" in server.auids, bool)
    assert_type(list(server.namespaces), list[str])
    assert_type(len(server.auids), int)
    assert_type(server.extended_by("e"), bool)
