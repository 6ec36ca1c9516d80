"""The Python blocks of docs/reading.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/reading.md, line 7
import httpx
from xcap_sdk import InvalidDocument, XcapClient

ODD = b"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
  <list name="friends">
    <entry uri="sip:bob@example.org"/>
    <entry><vendor-flag/></entry>
    <display-name>Friends</display-name>
  </list>
</resource-lists>"""
stored = {"body": ODD}

def server(request: httpx.Request) -> httpx.Response:
    if request.method == "PUT":
        stored["body"] = request.content
    return httpx.Response(200, content=stored["body"], headers={"ETag": f'"{hash(stored["body"])}"'})

http = httpx.Client(transport=httpx.MockTransport(server))
xcap = XcapClient("http://xcap.example.org", user="sip:alice@example.org", http=http)

document = xcap.resource_lists.get()
for problem in document.warnings:
    print(problem.place, problem.rule, problem.message)

# docs/reading.md, line 40
friends = document.model.lists["friends"]
assert friends.label == "Friends"
assert [entry.uri for entry in friends.entries] == ["sip:bob@example.org", None]
assert friends.entries.keys() == ["sip:bob@example.org"]

# docs/reading.md, line 55
assert [problem.place for problem in document.warnings][0] == 'lists["friends"].entries[1].uri'

# docs/reading.md, line 64
friends.entries.add("sip:erin@example.org")
document.save()
assert b"<vendor-flag/>" in stored["body"]

friends = document.model.lists["friends"]
friends.entries.add("%zz")
try:
    document.save()
except InvalidDocument as error:
    assert len(error.problems) == 1               # the new one alone
