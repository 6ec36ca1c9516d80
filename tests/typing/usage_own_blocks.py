"""The Python blocks of docs/usages/own.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/own.md, line 48
from pathlib import Path
from own.bookmarks import Bookmark, Bookmarks
from xcap_documents import keyed
from xcap_sdk import ApplicationUsage, XcapClient
from xcap_sdk.server import running_server

usage = ApplicationUsage(
    auid="com.example.bookmarks",
    root=Bookmarks,
    media_type="application/bookmarks+xml",
    schema=Path("bookmarks.xsd"),                         # validated before each save
    keys={Bookmark: "href"},                              # what tells siblings apart, for diffs and merges
    empty=Bookmarks,                                      # what an edit starts from if there is no document
)
with running_server(usages=[usage]) as root, XcapClient(root, user="sip:alice@example.org") as client:
    with client.repository(usage).edit() as mine:
        keyed(mine.bookmark, Bookmark, "href").add("https://www.rfc-editor.org/rfc/rfc4825", title="XCAP")

# docs/usages/own.md, line 73
from xcap_sdk import InvalidDocument, validate

twice = Bookmarks(bookmark=[Bookmark(href="https://example.org/"), Bookmark(href="https://example.org/")])
try:
    validate(twice, usage)
except InvalidDocument as error:
    print(error)
    assert error.problems[0].rule == "schema"

# docs/usages/own.md, line 89
from dataclasses import dataclass, field
from xcap_documents import KeyedItems

@dataclass(kw_only=True)
class Snippet:
    name: str = field(metadata={"type": "Attribute", "required": True})
    text: str = field(default="", metadata={"type": "Element"})

@dataclass(kw_only=True)
class Snippets:
    class Meta:
        name, namespace = "snippets", "urn:example:snippets"

    snippet: list[Snippet] = field(default_factory=list, metadata={"type": "Element"})

    @property
    def by_name(self) -> KeyedItems[Snippet]:
        return keyed(self.snippet, Snippet, "name")

# docs/usages/own.md, line 116
from collections.abc import Iterator
from xcap_sdk import Check, Problem

def no_blanks(snippets: Snippets) -> Iterator[Problem]:
    for number, snippet in enumerate(snippets.snippet):
        if " " in snippet.name:
            yield Problem(f"snippet[{number}].name", "name", f"{snippet.name!r} has a blank: write it without")

snippets = ApplicationUsage(
    auid="com.example.snippets",
    root=Snippets,
    media_type="application/snippets+xml",
    keys={Snippet: "name"},
    empty=Snippets,
    checks=(Check("name", "our handbook, 3", no_blanks),),
)

with running_server(usages=[snippets]) as root, XcapClient(root, user="sip:alice@example.org") as client:
    assert client.capabilities.supports(snippets)         # a server says what it knows
    with client.repository(snippets).edit() as mine:
        mine.by_name.ensure("greeting").text = "Hello"
    try:
        with client.repository(snippets).edit() as mine:
            mine.by_name.add("my greeting")
    except InvalidDocument as error:
        print(error)                                      # snippet[1].name: 'my greeting' has a blank …
    assert [row.document for row in client.directory.documents().of(snippets)] == ["index"]
