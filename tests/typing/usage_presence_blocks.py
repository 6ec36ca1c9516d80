"""The Python blocks of docs/usages/presence.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/presence.md, line 20
from datetime import datetime, timedelta, timezone
from xcap_sdk import XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.presence.edit() as presence:
    desk = presence.tuples.ensure("desk", basic="open", contact="sip:alice@example.org", priority=0.8)
    desk.note = "Best before noon"
    desk.touch()                                          # sets the timestamp to now

    me = presence.persons.ensure()                        # the first person, or a new one
    me.activities = ["vacation"]
    me.activities.until = datetime.now(timezone.utc) + timedelta(days=7)
    me.activities.note = "At sea"
    me.mood.add("happy")
    me.status_icon = "https://example.org/alice/beach.png"
    me.display_name = "Alice"

    phone = presence.devices.ensure("urn:uuid:d27459b7-8213-4395-aa77-ed859a3e5b3a")
    phone.user_input = "idle"
    desk.device_ids.add(phone.device_id)                  # the service runs on it

    presence.note = "Back on Monday"

# docs/usages/presence.md, line 53
from xcap_documents import DuplicateKey
from xcap_documents.pidf import Basic

presence = xcap.presence.get().model
desk = presence.tuples["desk"]
assert desk.basic is Basic.OPEN
assert desk.contact_uri == "sip:alice@example.org"
print(desk.priority)                                      # Decimal('0.8'); None if the document does not say

try:
    presence.persons.add("desk")
except DuplicateKey as error:
    print(error)                                          # a service has the id already

# docs/usages/presence.md, line 73
me = presence.persons.ensure()
assert "vacation" in me.activities
assert list(me.mood) == ["happy"]
assert not me.privacy
print(me.mood.known)                                      # all names that there are

with xcap.presence.edit() as presence:
    me = presence.persons.ensure()
    me.activities.add("travel")
    me.activities.other = "Whale watching"                # for what has no name
    me.mood.discard("happy")                              # the last one takes the element along
    me.place_type = ["outdoors"]                          # the registry of RFC 4589
    me.place_is.audio = "noisy"
    me.sphere = "home"                                    # one name at a time
    me.time_offset = 120                                  # minutes
    presence.tuples["desk"].relationship = "assistant"

# docs/usages/presence.md, line 113
from xcap_documents.pidf import Note
from xcap_documents.timed_status import TimedStatus
from xsdata.models.datatype import XmlDateTime

with xcap.presence.edit() as presence:
    desk = presence.tuples["desk"]
    desk.extensions.append(
        TimedStatus(
            from_=XmlDateTime.from_string("2030-01-01T00:00:00Z"), basic=Basic.CLOSED, note=Note(value="Gone fishing")
        )
    )

closed = xcap.presence.get().model.tuples["desk"].find(TimedStatus)
assert closed is not None
assert closed.basic is Basic.CLOSED

# docs/usages/presence.md, line 133
from xcap_documents.caps import CapsMethodNames, CapsMethods, Servcaps

with xcap.presence.edit() as presence:
    desk = presence.tuples["desk"]
    desk.put(Servcaps(audio=True, methods=CapsMethods(supported=CapsMethodNames.of("INVITE", "MESSAGE"))))

capabilities = xcap.presence.get().model.tuples["desk"].find(Servcaps)
assert capabilities is not None
assert capabilities.methods is not None
assert capabilities.methods.supported is not None
assert "INVITE" in capabilities.methods.supported.names

# docs/usages/presence.md, line 165
from dataclasses import replace
from xcap_sdk import ENTITY_IS_OWNER, PRESENCE, InvalidDocument

strict = replace(PRESENCE, checks=(*PRESENCE.checks, ENTITY_IS_OWNER))
careful = XcapClient(
    "http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"), usages=[strict]
)
try:
    with careful.presence.edit() as presence:
        presence.entity = "pres:alice@example.org"
except InvalidDocument as error:
    print(error)                                          # found before anything is sent
