"""The Python blocks of README.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# README.md, line 41
from xcap_sdk import XcapClient
from xcap_documents.resource_lists import DisplayName

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.resource_lists.edit() as book:                  # GET; an empty document if there is none
    friends = book.lists.ensure("friends", display_name="Friends")       # get or add
    friends.entries.add("sip:bob@example.org", display_name="Bob")       # an error if bob is there already
    friends.entries.ensure("sip:carol@example.org").display_name = DisplayName(value="Carol", lang="en")
    friends.entries["sip:bob@example.org"].label = "Bobby"               # the text alone
    friends.entries.discard("sip:mallory@example.org")                   # .remove() is strict
# leaving the block validates the document and sends one conditional request;
# an exception inside the block sends nothing

# README.md, line 60
document = xcap.resource_lists.get()
friends = document.model.lists["friends"]

assert "sip:bob@example.org" in friends.entries
assert len(friends.entries) == 2
assert [entry.label for entry in friends.entries] == ["Bobby", "Carol"]
friends.entries.move("sip:carol@example.org", to=0)
friends.entries.sort(key=lambda entry: entry.label or "")

# README.md, line 75
document = xcap.resource_lists.get()
document.model.lists["friends"].entries.add("sip:dave@example.org")

print(document.plan())          # what save() would send if the check lets it; nothing is sent or checked
report = document.save()
print(report.outcome, report.etag, report.requests)

print(document.xml.decode())    # the bytes as the server holds them

# README.md, line 95
mine = xcap.resource_lists.get()
mine.model.lists["friends"].label = "My friends"

with xcap.resource_lists.edit() as book:                  # another client, meanwhile
    book.lists["friends"].entries.add("sip:erin@example.org")

report = mine.save()
assert report.merged
assert mine.model.lists["friends"].label == "My friends"
assert "sip:erin@example.org" in mine.model.lists["friends"].entries

# README.md, line 111
from xcap_sdk import MergeConflict

mine = xcap.resource_lists.get()
mine.model.lists["friends"].label = "Best friends"

with xcap.resource_lists.edit() as book:
    book.lists["friends"].label = "Old friends"

try:
    mine.save()
except MergeConflict as conflict:
    print(conflict)
    for clash in conflict.clashes:
        print(clash.place, clash.base, clash.mine, clash.theirs)
    mine.save(on_conflict="mine")

# README.md, line 133
from xcap_documents.resource_lists import ResourceLists

def rename(book: ResourceLists) -> None:
    book.lists["friends"].label = "My friends"

xcap.resource_lists.update(rename)

# README.md, line 144
from xcap_sdk import policy_of

with xcap.pres_rules.edit() as rules:
    policy = policy_of(rules)
    policy.allow("sip:bob@example.org", "sip:carol@example.org")
    policy.confirm(domain="example.org")                  # anyone else there: pending until alice decides
    change = policy.block("sip:mallory@example.org")
    for grant in change.remains:                          # what others' rules grant her all the same
        print(grant.rule, grant.sub_handling, grant.remedy)

# README.md, line 160
from xcap_documents.pres_rules import SubHandling

with xcap.pres_rules.edit() as rules:
    rule = rules.rules.ensure("friends")
    rule.identity.add("sip:bob@example.org")
    rule.sub_handling = SubHandling.ALLOW                 # or "allow", "block", "confirm", "polite-block"
    rule.provide_note = True

# README.md, line 177
from pathlib import Path

xcap.status_icon.upload(Path("me.png"))

bob = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:bob@example.org", auth=("bob", "secret"))
icon = bob.of("sip:alice@example.org").status_icon.get().model
Path("alice.png").write_bytes(icon.decode())

# README.md, line 191
from xcap_sdk import InvalidDocument

try:
    with xcap.resource_lists.edit() as book:
        book.lists["friends"].entries["sip:bob@example.org"].uri = "sip:carol@example.org"
except InvalidDocument as error:
    print(error)
    print(error.problems[0].place, error.problems[0].rule)

# README.md, line 205
from xcap_sdk import NotFound

try:
    xcap.resource_lists.get(document="holidays")
except NotFound as error:
    print(error)

# README.md, line 223
from xcap_sdk import Match, Unconditional

index = xcap.resource_lists.address()
bob_entry = index.element('resource-lists/list[@name="friends"]/entry[@uri="sip:bob@example.org"]')

reply = xcap.get(bob_entry)
print(reply.status, reply.etag, reply.body.decode())

print(xcap.get(bob_entry.attribute("uri")).value)         # 'sip:bob@example.org'
print(xcap.get(bob_entry.namespaces()).value)             # prefixes and their namespaces

assert reply.etag is not None                             # every conformant server sends one
xcap.put(bob_entry, '<entry uri="sip:bob@example.org"/>', condition=Match(reply.etag))
xcap.delete(bob_entry)                                    # under the ETag seen last
xcap.put(bob_entry, '<entry uri="sip:bob@example.org"/>', condition=Unconditional())

# README.md, line 244
entry = index.element("resource-lists").child("list", where=("name", 'Ann & "Bob"/é')).child("entry", position=2)
print(entry.uri)

# README.md, line 253
import asyncio
from xcap_sdk import AsyncXcapClient

async def add(uri: str) -> None:
    async with AsyncXcapClient(
        "http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret")
    ) as client:
        async with client.resource_lists.edit() as book:
            book.lists.ensure("friends").entries.ensure(uri)

asyncio.run(add("sip:frank@example.org"))

# README.md, line 269
from dataclasses import dataclass, field
from xcap_sdk import ApplicationUsage

@dataclass(kw_only=True)
class Bookmark:
    href: str = field(metadata={"type": "Attribute", "required": True})
    title: str | None = field(default=None, metadata={"type": "Element"})

@dataclass(kw_only=True)
class Bookmarks:
    class Meta:
        name, namespace = "bookmarks", "urn:example:bookmarks"

    bookmark: list[Bookmark] = field(default_factory=list, metadata={"type": "Element"})

usage = ApplicationUsage(
    auid="com.example.bookmarks",
    root=Bookmarks,
    media_type="application/bookmarks+xml",
    keys={Bookmark: "href"},
    empty=Bookmarks,
)

# README.md, line 296
from xcap_documents import keyed
from xcap_sdk.server import running_server

with running_server(usages=[usage]) as root, XcapClient(root, user="sip:alice@example.org") as client:
    with client.repository(usage).edit() as mine:
        keyed(mine.bookmark, Bookmark, "href").add("https://www.rfc-editor.org/rfc/rfc4825", title="XCAP")

# README.md, line 312
import xcap_sdk
from xcap_documents.resource_lists import ResourceLists

book = xcap_sdk.parse(Path("friends.xml").read_bytes(), ResourceLists)
book.lists.ensure("friends").entries.ensure("sip:grace@example.org")
xcap_sdk.validate(book)                                   # raises with the places
Path("friends.xml").write_bytes(xcap_sdk.serialize(book))

# README.md, line 342
from xcap_sdk.server import RunningServer

def test_my_softphone(xcap_server: RunningServer) -> None:
    with xcap_server.client("sip:alice@example.org") as xcap:
        assert not xcap.resource_lists.exists()
