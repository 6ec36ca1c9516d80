"""What an IDE offers while one types: each line ends where the cursor is."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import jedi
import pytest

import xcap_documents


@pytest.fixture(scope="module", autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:  # pyright: ignore[reportUnusedFunction] - a fixture
    """One that several test processes share breaks."""
    jedi.settings.cache_directory = str(tmp_path_factory.mktemp("jedi"))


HEAD = """
from xcap_documents import keyed
from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_content import StatusIcon
from xcap_documents.oma_user_profile import Gender, UserProfile, UserProfiles
from xcap_documents.oma_xcap_directory import XcapDirectory
from xcap_documents.pidf import Basic, Presence
from xcap_documents.poc_list_service import Group
from xcap_documents.pres_rules import SubHandling, UserInput
from xcap_documents.resource_lists import DisplayName, Entry, ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_documents.simservs import Simservs
from xcap_documents.xcap_caps import XcapCaps
from xcap_documents.xcap_error import XcapError
from xcap_sdk import ReservedList, flatten
from xcap_sdk.usages.policy import WellKnownRule, policy_of

book = ResourceLists()
group = Group.chat("sip:climbing@example.org")
friends = book.lists["friends"]
bob = friends.entries["sip:bob@example.org"]
services = Simservs()
rls = RlsServices()
policy = Ruleset()
rule = policy.rules["friends"]
view = policy_of(policy)

me = UserProfiles(profile=UserProfile(uri="sip:alice@example.org")).profile
directory = XcapDirectory()
presence = Presence(entity="sip:alice@example.org")
desk = presence.tuples["desk"]
person = presence.persons.ensure()
phone = presence.devices.ensure("urn:x")

def checked(capabilities: XcapCaps, report: XcapError, icon: StatusIcon):
"""

VIEW = "add append at clear discard ensure extend get keys move remove"
CASES = {
    "book.": "lists items",
    "book.lists.": VIEW,
    "book.lists.ensure('x').": "entries entry_refs externals lists label display_name name items extensions",
    "book.lists.get('x').": "entries name",
    "book.lists['x'].": "entries entry_refs externals lists label name attributes",
    "book.lists.at(0).": "entries lists",
    "book.lists['x'].lists['y'].": "entries lists label",
    "friends.entries.": VIEW,
    "friends.entries.ad": "add",
    "friends.entries.ens": "ensure",
    "friends.entries['x'].": "uri label display_name extensions attributes",
    "friends.entries.get('x').": "uri label",
    "friends.entries.add('x').": "uri label display_name",
    "friends.entries.ensure('x').display_name.": "value lang",
    "friends.entries.remove('x').": "uri label",
    "friends.entries.move('x', to=1).": "uri label",
    "friends.entry_refs.": VIEW,
    "friends.entry_refs['x'].": "ref label display_name",
    "friends.externals.": VIEW,
    "friends.externals.add('x').": "anchor label display_name",
    "[entry for entry in friends.entries][0].": "uri label",
    "next(iter(friends.entries)).": "uri label",
    "bob.": "uri label display_name",
    "bob.label.": "upper strip",
    "DisplayName(": "value= lang=",
    "Entry(": "uri= display_name= extensions= attributes=",
    "friends.entries.add(": "uri= display_name= at=",
    "friends.lists.add(": "name= display_name= at=",
    "rls.": "services items",
    "rls.services.": VIEW,
    "rls.services.add(": "uri= resource_list= list= packages= at=",
    "rls.services['x'].": "uri resource_list list packages accepts members event_packages extensions attributes",
    "rls.services['x'].list.": "entries lists label",
    "rls.services['x'].packages.": "any add discard update",
    "flatten(book, 'friends').": "entries problems uris subscribable",
    "next(iter(flatten(book, 'friends').entries)).": "uri label entry document place via",
    "[problem for problem in flatten(book, 'friends').problems][0].": "reason reference document place message",
    "ReservedList.": "RCS BUDDIES ALL_CONTACTS GRANTED_CONTACTS BLOCKED_CONTACTS",
    "policy.": "rules items",
    "policy.rules.": VIEW,
    "policy.rules.ensure('x').": "sub_handling identity external_list conditions actions transformations",
    "rule.": "sub_handling identity external_list other_identity anonymous_request sphere validity periods id",
    "rule.pro": (
        "provide_services provide_devices provide_persons provide_activities provide_class provide_device_id "
        "provide_mood provide_place_is provide_place_type provide_privacy provide_relationship provide_sphere "
        "provide_status_icon provide_time_offset provide_user_input provide_note provide_unknown_attributes "
        "provide_all_attributes provide_willingness provide_network_availability provide_barring_state "
        "provide_session_participation provide_registration_state provide_geopriv"
    ),
    "rule.sub_handling.": "name value",
    "rule.provide_user_input.": "name value",
    "rule.identity.": f"{VIEW} many anyone",
    "rule.identity['x'].": "id extension",
    "rule.identity.add('x').": "id",
    "rule.identity.many.": VIEW,
    "rule.identity.many.add('x').": "domain except_ids except_domains",
    "rule.identity.many['x'].except_ids.": "add discard update remove",
    "rule.external_list.": VIEW,
    "rule.external_list.add('x').": "anc",
    "rule.provide_services.": "all said add discard clear uris schemes classes occurrence_ids service_ids",
    "rule.provide_services.schemes.": "add discard",
    "rule.provide_devices.": "all device_ids classes",
    "rule.provide_persons.": "all classes occurrence_ids",
    "rule.provide_unknown_attributes.": "get items keys",
    "rule.locations.": "add_circle add_civic append remove clear",
    "rule.locations[0].": "circle civic profile label lang extensions",
    "rule.locations.add_circle(": "latitude= longitude= radius= label= lang=",
    "rule.locations.add_civic(country='DE').": "circle civic",
    "rule.locations[0].circle.": "latitude longitude radius",
    "rule.locations[0].civic.": "get items keys",
    "rule.provide_location.": "all said civic radius",
    "rule.set": "set_retransmission_allowed set_retention_expiry set_note_well",
    "rule.conditions.": "items",
    "rule.actions.": "extensions",
    "rule.sphere.": "upper strip",
    "rule.periods[0].": "start end",
    "view.": "allow block confirm polite_block forget permissions_for statements",
    "view.block('sip:bob@example.org').": "changed remains outranked sub_handling",
    "view.allow(": "domain= external_list= everyone=",
    "view.permissions_for('sip:bob@example.org').": (
        "sub_handling sub_handling_from matched unknown ignored allowed provide_services provide_all_attributes "
        "provide_mood provide_user_input provide_unknown_attributes shows_attribute"
    ),
    "view.permissions_for(": "watcher= at= sphere= lists= anonymous=",
    "view.permissions_for('sip:bob@example.org').provide_services.": "all selectors shows",
    "WellKnownRule.": "ALLOW_OWN UNLISTED GRANTED BLOCKED BLOCK_ANONYMOUS ALLOW_SERVICES_ANONYMOUS",
    "SubHandling.": "ALLOW BLOCK CONFIRM POLITE_BLOCK",
    "UserInput.": "FALSE BARE THRESHOLDS FULL",
    "StatusIcon.": "from_bytes",
    "StatusIcon.from_bytes(": "data= mime_type= description=",
    "icon.": "image type_of fit actual_type decode encode media_type mime_type encoding descriptions data",
    "icon.decode().": "startswith hex",
    "icon.image().": "size resize save",
    "capabilities.": "supports knows extended_by auids extensions namespaces",
    "me.": (
        "label about birth_date given_name family_name middle_name name_prefix name_suffix country region "
        "locality area street_name street_number postal_code communication_addresses communication_types "
        "hobbies favourite_links gender uri display_name name address freetext"
    ),
    "me.hobbies.": "add discard update clear",
    "me.birth_date.": "year month day",
    "Gender.": "FEMALE MALE",
    "directory.folders[0].": "auid entries error unlisted",
    "directory.folders[0].entries[0].": "uri etag size modified",
    "services.": (
        "diversion incoming_barring outgoing_barring communication_waiting originating_identity_presentation "
        "originating_identity_restriction terminating_identity_presentation terminating_identity_restriction "
        "flexible_alerting diversion_capabilities barring_capabilities items extensions attributes"
    ),
    "services.diversion.": "active said element no_reply_timer rules forward stop target rule_for",
    "services.diversion.forward('x').": "busy no_answer not_reachable forward_to rule_deactivated media id",
    "services.diversion.rules.": VIEW,
    "services.outgoing_barring.": "active bar unbar bars rules rule_for element",
    "services.outgoing_barring.bar().": "allow roaming international international_ex_hc identity",
    "services.originating_identity_restriction.": "active default said",
    "services.communication_waiting.": "active said element",
    "services.barring_capabilities.": "allows media",
    "report.": "condition",
    "presence.": "tuples persons devices note notes add_note entity is_about new_id find extensions",
    "presence.tuples.": VIEW,
    "presence.tuples.add(": "id= basic= contact= priority= at=",
    "presence.persons.": VIEW,
    "presence.devices.": f"{VIEW} by_device_id",
    "presence.devices.add(": "device_id= id= at=",
    "desk.": (
        "basic contact contact_uri priority device_ids relationship service_class privacy status_icon card icon "
        "display_name homepage map sound class_ user_input last_input idle_threshold note notes timestamp changed "
        "touch id status find find_all put drop extensions"
    ),
    "desk.basic.": "name value",
    "desk.priority.": "quantize",
    "desk.device_ids.": "add discard update",
    "Basic.": "OPEN CLOSED",
    "person.": (
        "activities mood place_type place_is privacy sphere time_offset status_icon display_name class_ note changed"
    ),
    "Group.": "prearranged chat",
    "Group.prearranged(": "uri= display_name= members= max_participant_count= admit_members=",
    "group.": "service services",
    "group.services.": VIEW,
    "group.service.": (
        "members externals rules ruleset admit_members label invite_members max_participant_count uri subject "
        "searchable automatic_group_advertisement age_restrictions qoe session_active_policy supported_services"
    ),
    "group.service.members.": VIEW,
    "group.service.members['x'].": "uri label poc_usage uri_usages",
    "group.service.rules.ensure('x').": "is_list_member join_handling allow_initiate_conference media_list",
    "group.service.supported_services.ensure('x').": "enabler group_media",
    "group.service.age_restrictions.": "ages must_understand",
    "person.activities.": "add discard update clear other foreign note notes from_ until known said assign",
    "person.place_is.": "audio video text note",
    "phone.": "device_id user_input last_input idle_threshold note notes class_ touch changed",
    "phone.user_input.": "name value",
}


@functools.cache
def project() -> jedi.Project:
    return jedi.Project(Path(xcap_documents.__file__).parents[1])


def script(code: str) -> Any:  # jedi is typed in part only
    return jedi.Script(code, project=project())


def closed(line: str) -> str:
    """The line, and the brackets that an IDE closes as they are typed."""
    missing = ""
    for character in line:
        if character in "([":
            missing = ")]"["([".index(character)] + missing
        elif character in ")]":
            missing = missing[1:]
    return line + missing


@functools.cache
def all_cases() -> Any:
    """Each case on a line of its own: what jedi finds out about the code above them serves them all."""
    return script(HEAD + "".join(f"    {closed(line)}\n" for line in CASES))


@pytest.mark.parametrize(("line", "names"), CASES.items())
def test_the_right_names_are_offered(line: str, names: str) -> None:
    number = HEAD.count("\n") + 1 + list(CASES).index(line)
    offered = {each.name for each in all_cases().complete(number, len(f"    {line}"))}

    assert set(names.split()) - offered == set()


def test_there_are_enough_positions() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(
    ("line", "signature"),
    [
        (
            "friends.entries.add(",
            "add(uri: str, *, display_name: str | DisplayName | None=None, at: int | None=None)",
        ),
        (
            "book.lists.ensure(",
            "ensure(name: str, *, display_name: str | DisplayName | None=None, at: int | None=None)",
        ),
        ("rule.identity.add(", "add(uri: str, *, at: int | None=None)"),
    ],
)
def test_signatures_are_shown(line: str, signature: str) -> None:
    shown = script(f"{HEAD}    {line}").get_signatures()
    assert [each.to_string().partition(" ->")[0] for each in shown] == [signature]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("friends.entries.add", "Add an entry."),
        ("friends.entries", "The entries, by their URIs."),
        ("Entry", "One resource in a list, such as a buddy"),
        ("SubHandling", "POLITE_BLOCK: Accepted, and shown"),
    ],
)
def test_hovering_explains(line: str, said: str) -> None:
    found = script(f"{HEAD}    {line}").help()
    assert said in "\n".join(each.docstring() for each in found)
