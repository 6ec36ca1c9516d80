"""A user profile in plain texts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from xsdata.models.datatype import XmlDate

from xcap_documents.oma_user_profile import (
    Gender,
    ProfileAddress,
    ProfileContacts,
    ProfileHobbies,
    ProfileName,
    ProfileText,
    UserProfile,
    UserProfiles,
)
from xcap_sdk import parse, serialize

NAMES = ["given_name", "family_name", "middle_name", "name_prefix", "name_suffix"]
ADDRESS = ["country", "region", "locality", "area", "street_name", "street_number", "postal_code"]
SETS = ["communication_addresses", "communication_types", "hobbies", "favourite_links"]


def profile(**fields: Any) -> UserProfile:
    return UserProfile(uri="sip:alice@example.org", **fields)


@pytest.mark.parametrize("name", [*NAMES, *ADDRESS, "label", "about"])
def test_texts_make_what_they_need_and_take_it_out_again(name: str) -> None:
    me = profile()
    assert getattr(me, name) is None
    setattr(me, name, None)
    delattr(me, name)
    assert me == profile()
    setattr(me, name, "one")
    setattr(me, name, "two")
    assert getattr(me, name) == "two"
    read = parse(serialize(UserProfiles(profile=me)), UserProfiles).profile
    assert getattr(read, name) == "two"
    delattr(read, name)
    assert read == profile()


def test_texts_keep_the_language_and_the_rest() -> None:
    me = profile(
        name=ProfileName(given_name="A", family_name="B", lang="en"),
        address=ProfileAddress(country="C", attributes={"{urn:x}y": "1"}, lang="de"),
        display_name=ProfileText(value="A", lang="fr"),
    )
    me.given_name, me.label, me.country = "Z", "Z", None
    assert me.name == ProfileName(given_name="Z", family_name="B", lang="en")
    assert me.display_name == ProfileText(value="Z", lang="fr")
    assert me.address == ProfileAddress(attributes={"{urn:x}y": "1"}, lang="de")
    me.given_name = me.family_name = None
    assert me.name is None, "a language alone says nothing"


def test_the_descriptors_show_themselves() -> None:
    assert UserProfile.given_name.__get__(None, UserProfile) is UserProfile.given_name


@pytest.mark.parametrize("name", SETS)
def test_sets_of_texts(name: str) -> None:
    me = profile()
    texts = getattr(me, name)
    assert list(texts) == []
    texts.discard("x")
    assert me == profile()
    texts.add("a")
    texts.add("a")
    texts.update(["b", "c"])
    assert list(texts) == list(getattr(me, name)) == ["a", "b", "c"]
    assert "b" in texts
    assert len(texts) == 3
    texts.discard("b")
    setattr(me, name, getattr(me, name))
    assert list(texts) == ["a", "c"]
    setattr(me, name, ["c", "d", "c"])
    assert list(texts) == ["c", "d"]
    with pytest.raises(TypeError, match="not the one text 'chess'"):
        setattr(me, name, "chess")
    read = parse(serialize(UserProfiles(profile=me)), UserProfiles).profile
    assert list(getattr(read, name)) == ["c", "d"]
    setattr(me, name, None)
    assert me == profile()


def test_sets_keep_languages_and_what_else_is_there() -> None:
    chess = ProfileText(value="Chess", lang="en")
    me = profile(
        hobby_list=ProfileHobbies(items=[chess, ProfileText(value="Go")], attributes={"{urn:x}y": "1"})
    )
    me.hobbies = ["Bridge", "Chess"]
    assert me.hobby_list == ProfileHobbies(
        items=[ProfileText(value="Bridge"), chess], attributes={"{urn:x}y": "1"}
    )
    assert me.hobby_list.items[1] is chess
    me.communication_address_list = ProfileContacts(items=["tel:+1", "tel:+1"])
    me.communication_addresses.discard("tel:+1")
    assert me.communication_address_list == ProfileContacts()


def test_birth_dates() -> None:
    me = profile()
    assert me.birth_date is None
    me.birth_date = date(1995, 5, 20)
    assert me.born == XmlDate(1995, 5, 20)
    me.birth_date = datetime(2001, 2, 3, 4, 5, tzinfo=UTC)
    assert b"<birth-date>2001-02-03</birth-date>" in serialize(UserProfiles(profile=me))
    me.birth_date = None
    assert me.born is None
    text: Any = "1995-05-20"
    with pytest.raises(TypeError, match=r"takes a datetime\.date or None, not '1995-05-20'"):
        me.birth_date = text


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("1995-05-20", date(1995, 5, 20)),
        (" 1995-05-20Z ", date(1995, 5, 20)),
        ("1995-05-20+02:00", date(1995, 5, 20)),
    ],
)
def test_birth_dates_of_documents(text: str, born: date) -> None:
    assert read(f"<birth-date>{text}</birth-date>").birth_date == born


@pytest.mark.parametrize("text", ["20.5.1995", "", "12345-01-01", "-0001-01-01", "x" * 100_000])
def test_birth_dates_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="is no date") as caught:
        assert read(f"<birth-date>{text}</birth-date>").birth_date
    assert len(str(caught.value)) < 200


def test_gender() -> None:
    assert read("<gender> female </gender>").gender is Gender.FEMALE


def read(inside: str) -> UserProfile:
    xml = f'<user-profiles xmlns="urn:oma:xml:xdm:user-profile"><user-profile uri="sip:a@b">{inside}</user-profile></user-profiles>'
    return parse(xml.encode(), UserProfiles).profile
