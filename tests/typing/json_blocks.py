"""The Python blocks of docs/json.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/json.md, line 8
from xcap_documents.resource_lists import Entry, ResourceLists
from xcap_sdk import InvalidDocument, XcapClient, from_json, to_json

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.resource_lists.edit() as book:
    friends = book.lists.ensure("friends", display_name="Friends")
    friends.entries.ensure("sip:bob@example.org", display_name="Bob")

print(to_json(xcap.resource_lists.get().model))

assert from_json(to_json(Entry(uri="sip:erin@example.org")), Entry) == Entry(uri="sip:erin@example.org")

# docs/json.md, line 36
def show() -> tuple[str, bytes, str]:
    """GET: what the page shows, and what is kept for when it is submitted."""
    document = xcap.resource_lists.get()
    assert document.etag is not None          # every conformant server sends one; without, nothing could guard the save
    return to_json(document.model), document.xml, document.etag

def submit(text: str, xml: bytes, etag: str) -> None:
    """POST: what came back from the browser, and what was kept."""
    document = xcap.resource_lists.resume(xml, etag)
    document.model = from_json(text, ResourceLists)
    document.save()

text, xml, etag = show()

with xcap.resource_lists.edit() as book:      # somebody else, while the page is open
    book.lists["friends"].entries.add("sip:carol@example.org", display_name="Carol")

submit(text.replace('"Bob"', '"Bobby"'), xml, etag)
friends = xcap.resource_lists.get().model.lists["friends"]
assert [entry.label for entry in friends.entries] == ["Bobby", "Carol"]

# docs/json.md, line 93
import json
from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import ProvideActivities, SubHandlingElement
from xcap_sdk import json_schema

schema = json_schema(ResourceLists)
print(json.dumps(schema, indent=2))
assert schema["$defs"]["Entry_entry"]["required"] == ["$element", "uri"]

# docs/json.md, line 106
schema = json_schema(Ruleset, extensions=[SubHandlingElement, ProvideActivities])

# docs/json.md, line 120
try:
    from_json('{"items": [{"items": [{"$element": "entry", "url": "sip:x"}]}]}', ResourceLists)
except InvalidDocument as error:
    assert [problem.place for problem in error.problems] == ["items[0].items[0].uri", "items[0].items[0].url"]

# docs/json.md, line 135
from xcap_sdk import json_places, validate

book = from_json('{"items": [{"items": [{"$element": "external", "anchor": "friends"}], "name": "friends"}]}', ResourceLists)
try:
    validate(book)
except InvalidDocument as error:
    assert [problem.place for problem in error.problems] == ['lists["friends"].externals[0].anchor']
    assert json_places(book, error.problems) == ["items[0].items[0].anchor"]

# docs/json.md, line 152
from xcap_sdk import parse

odd = parse('<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list><entry/></list></resource-lists>', ResourceLists)
assert from_json(to_json(odd), ResourceLists, tolerant=True) == odd
