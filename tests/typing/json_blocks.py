"""The Python blocks of docs/json.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/json.md, line 8
from xcap_documents.resource_lists import Entry, ResourceLists
from xcap_sdk import InvalidDocument, XcapClient, from_json, to_json

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.resource_lists.edit() as book:
    friends = book.lists.ensure("friends", display_name="Friends")
    friends.entries.ensure("sip:bob@example.org", display_name="Bob")

text = to_json(xcap.resource_lists.get().model)
print(text)

# docs/json.md, line 31
document = xcap.resource_lists.get()
document.model = from_json(text.replace('"Bob"', '"Bobby"'), ResourceLists)
report = document.save()
assert report.outcome in {"patched", "replaced"}
assert xcap.resource_lists.get().model.lists["friends"].entries["sip:bob@example.org"].label == "Bobby"

assert from_json(to_json(Entry(uri="sip:erin@example.org")), Entry) == Entry(uri="sip:erin@example.org")

# docs/json.md, line 62
import json
from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import ProvideActivities, SubHandlingElement
from xcap_sdk import json_schema

schema = json_schema(ResourceLists)
print(json.dumps(schema, indent=2))
assert schema["$defs"]["Entry_entry"]["required"] == ["$element", "uri"]

# docs/json.md, line 75
schema = json_schema(Ruleset, extensions=[SubHandlingElement, ProvideActivities])

# docs/json.md, line 87
try:
    from_json('{"items": [{"items": [{"$element": "entry", "url": "sip:x"}]}]}', ResourceLists)
except InvalidDocument as error:
    assert [problem.place for problem in error.problems] == ["items[0].items[0].uri", "items[0].items[0].url"]

# docs/json.md, line 106
from xcap_sdk import parse

odd = parse('<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list><entry/></list></resource-lists>', ResourceLists)
assert from_json(to_json(odd), ResourceLists, tolerant=True) == odd
