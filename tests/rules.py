"""The rules of RFC 4825 that a test can show: id, section, gist. `make rules` sets them beside their tests."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent

RULES = """
U1 | 6 | a node URI is root, document selector, ~~, node selector and an optional query
U2 | 6 | the separator is one whole segment, ~~
U3 | 6 | %7E%7E is the same separator; clients send it raw
U4 | 6 | the first separator counts, later ones belong to the node selector
R1 | 6.1 | the root URI has no query; it may have a path
R2 | 6.1 | nothing is served at the root itself
DS1 | 6.2 | the first segment is the AUID
DS2 | 6.2 | the second segment is users or global
DS3 | 6.2 | an XUI segment follows users, none follows global
DS4 | 6.2 | the remaining segments name the document, with or without folders
DS6 | 6.2 | a document and a folder do not share a name
DS7 | 6.2 | a lone document is called index
DS8 | 8.2.1 | home directories are always there, other folders may be missing
X1 | 6.2 | the XUI of a SIP user is the address of record with its scheme
X3 | 6.2 | characters that a path segment cannot hold are encoded in the XUI
X4 | 6.2 | an encoded and a raw XUI are the same user
A1 | 5.1 | the grammar of AUIDs
P1 | 6.3 | the selector grammar is about the decoded form
P2 | 6.3 | quotation marks and brackets are always encoded
P3 | 6.3 | an apostrophe delimits values too, raw or encoded
P4 | 6.3 | names and values are UTF-8 first, then percent-encoded
P5 | 6.3 | space, slash, question mark, hash and percent in values are encoded
P6 | 6.3 | a slash inside a value travels as %2F and does not split
P8 | 11.1 | URIs in conflict reports are percent-encoded
P9 | 7.7 | the body of an attribute PUT is not percent-encoded
G1 | 6.3 | a position stands before the attribute test; nothing else is core grammar
G2 | 6.3 | what is no core grammar is an unknown extension
G3 | 6.3 | attribute values are written with either quote
G4 | 6.3 | ampersand, less-than and the delimiter are escaped in values
G5 | 6.3 | values are unescaped before they are compared
G6 | 6.3 | ampersand and semicolon need no percent-encoding
G7 | 6.3 | an attribute or namespace selector stands last, behind an element step
V1 | 6.3 | the first step names the root element
V2 | 6.3 | steps look at element children in document order
V3 | 6.3 | a position counts the elements that fit the name; * counts all
V4 | 6.3 | a position beyond the last matches nothing
V5 | 6.3 | the position is taken before the attribute test
V6 | 6.3 | a step that fits several elements is invalid, never a first match
V7 | 6.3 | @name selects the attribute with that expanded name
V8 | 6.3 | namespace::* selects all bindings in scope
V10 | 6.3 | a namespace declaration is no attribute
V11 | 6.3 | text, comments and instructions come only within an element
V12 | 5.10 | values are compared as strings, also when they are URIs
V14 | 6.3 | white space is stored and returned as it came
N1 | 5.2 | every application usage has a default document namespace
N2 | 6.3 | an unprefixed element name is in the default document namespace
N3 | 6.3 | an unprefixed attribute name is in no namespace
N4 | 6.3 | prefixes come from the query alone, never from the document
N5 | 6.3 | * fits elements of any namespace
N7 | 5.2 | the default document namespace does not touch documents
N8 | 5.2 | the root of pres-rules needs a prefix
Q1 | 6.4 | without a query only the default document namespace is known
Q2 | 6.4 | the query is an XPointer expression, percent-encoded
Q3 | 6.4 | clients send xmlns() parts only
Q4 | 6.4 | servers ignore parts of other schemes
Q6 | 8 | an unbound prefix is a 400
Q7 | 6.4 | the syntax of an xmlns() part
Q8 | 6.4 | the later of two bindings of a prefix wins
Q9 | 6.4 | a part with broken data binds nothing
Q10 | 6.4 | xml is bound beforehand
Q11 | 6.4 | circumflex escapes inside parentheses
Q12 | 6.4 | unused bindings do no harm
S2 | 5.8 | a server need not know every extension namespace
E1 | 8 | an unknown AUID is a 404
E2 | 8 | an XUI that cannot be is a 404
E3 | 8 | an unknown extension selector is a 404
E4 | 8.1 | POST is a 405
Z1 | 5.7 | owners read and write their own home directory
Z2 | 5.7 | everyone may read the global tree
Z3 | 5.7 | only trusted users write the global tree
Z4 | 5.7 | nobody else reads a home directory
Z5 | 5.7 | a usage may say otherwise
GT1 | 8.3 | GET of a document is 200 or 404
GT2 | 8.3 | a document comes with the media type of its usage
GT3 | 8.3 | GET of a node that is missing or ambiguous is a 404
GT4 | 8.3 | an element comes exactly from its start tag to its end tag
GT5 | 8.3 | inherited namespace declarations are not added
GT6 | 8.3 | an attribute comes with its quotes, escaped
GT7 | 8.3 | bindings come as one empty element with all declarations in scope
GT8 | 8.3 | every GET carries an ETag
GT9 | 8.3 | GET can be conditional
GT11 | 9 | replies say no-cache
PL2 | 8.2.1 | a document in a missing folder is no-parent
PL3 | 8.2.1 | a document PUT replaces or creates
PL4 | 8.2.1 | a node in a missing document is 409 no-parent, not 404
PL5 | 8.2.1 | a missing or ambiguous parent element is no-parent
PL6 | 8.2.1 | the target step decides between replacing and creating
PL8 | 8.2.1 | the parent of a one-step selector is the document
PB1 | 8.2.2 | an element body is one element and nothing else
PB2 | 8.2.2 | an attribute body is an AttValue
PB3 | 8.2.2 | documents are UTF-8
PB4 | 8.2.2 | a fragment is read in the namespaces of its place
PB5 | 15.2 | media types are compared without parameters
PB6 | 8.2.2 | another media type is a 415
PB7 | 8.2.2 | a document that is not well-formed is not-well-formed
PC1 | 8.2.3 | the first of its name is appended behind everything
PC2 | 8.2.3 | a further one by name lands right behind the last of its name
PC3 | 8.2.3 | a position inserts behind its predecessor
PC4 | 8.2.3 | a position beyond the next free one is cannot-insert
PC5 | 8.2.3 | position one lands right before the first
PC6 | 8.2.3 | a URI that would not select the new node is cannot-insert
PC7 | 8.2.3 | the schema plays no part in choosing the place
PC8 | 8.2.3 | namespace declarations of the new element stay as sent
PC9 | 8.2.3 | no white space is added
PC10 | 8.2.3 | a created document is a 201
PC11 | 8.2.3 | an attribute is created with its name and value
PC12 | 8.2.3 | a schema's order needs *[N] to create the first of a kind
PC13 | 7.4 | *[N] replaces, *[N][@a] inserts
RP1 | 8.2.4 | a replaced element goes whole, the new one takes its place
RP2 | 8.2.4 | a replacement that the URI no longer selects is cannot-insert
RP3 | 8.2.4 | a replacement keeps its own declarations
RP4 | 8.2.4 | replacing an attribute that its own predicate tests is cannot-insert
RP5 | 8.2.4 | a replaced document is a 200
VL1 | 8.2.5 | breaking the schema is schema-validation-error
VL2 | 8.2.5 | unknown extensions pass where the schema has a wildcard
VL4 | 8.2.5 | breaking uniqueness is uniqueness-failure
VL5 | 8.2.5 | breaking another constraint is constraint-failure
VL6 | 5.3 | references are not checked
VL7 | 8.2.5 | removals are checked too
RS1 | 8.2.7 | a change shows in every resource of the document at once
RS2 | 8.2.7 | 201 for a creation, 200 for a replacement
RS3 | 8.2.7 | a 200 to a PUT has no body
RS5 | 8.2.7 | every PUT reply carries the ETag
DL1 | 8.4 | DELETE of a document is 200, then 404
DL2 | 8.4 | DELETE of a missing or ambiguous node is a 404
DL3 | 8.4 | the white space around a deleted node stays
DL4 | 8.4 | a DELETE after which the URI selects another node is cannot-delete
DL5 | 8.4 | a DELETE that breaks a constraint is refused
DL6 | 8.4 | a valid DELETE is a 200
DL7 | 8.4 | a node DELETE returns the new ETag, a document DELETE none
DL8 | 8.4 | DELETE can be conditional
DL9 | 8.4 | namespaces cannot be written or deleted: 405 with Allow
DL11 | 7.5 | a positional DELETE works on the last one only
ET1 | 8.5 | all nodes of a document share its ETag, every change gives a new one
ET2 | 8.5 | every success carries the ETag while the document exists
ET3 | 8.5 | after a node DELETE it is that of the remaining document
ET5 | 8.2.6 | a replacement honours If-Match and If-None-Match
ET6 | 8.2.6 | an insertion is tested against the document's ETag
ET7 | 8.2.6 | If-None-Match: * on a node always fails
ET8 | 8.2.6 | on a document it creates only, and If-Match: * replaces only
ET9 | 7.11 | a stale If-Match is a 412
ET10 | 7.11 | a current If-None-Match on GET is a 304
ET11 | 7.11 | a tag from one node guards writes on any other
ET12 | 8.2.3 | a refused request changes neither content nor ETag
ER1 | 11 | a 409 carries a conflict report; clients live without one
EX1 | 11.1 | a report holds exactly one condition
EX2 | 11.1 | a condition may carry a phrase
EX3 | 11.1 | field names the node from the root element on
EX4 | 11.1 | one exists element per offending value
EX5 | 11.1 | an extension that is not understood is a plain 409
CP1 | 12 | xcap-caps is one global document and never a user's
CP2 | 12 | what xcap-caps holds
CP3 | 12 | it lists itself and its namespace
CP4 | 12 | it lists the namespaces that the server validates
CP5 | 12 | its media type, readable by all
C1 | 7 | a client checks schema and constraints before it writes
C5 | 7 | a PUT succeeds with 200 or 201
C6 | 7.1 | a document goes out with the media type of its usage
C7 | 7.4 | an element goes out as xcap-el+xml, with a query when prefixes are used
C8 | 7.7 | an attribute goes out as an AttValue in xcap-att+xml
C9 | 7.10 | a client never puts or deletes namespaces
C11 | 7.11 | read, write under the ETag, adopt the new one
C12 | 7.11 | an unconditional write makes the remembered copy worthless
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, the section of RFC 4825 and its gist."""

    id: str
    section: str
    gist: str


def rules() -> list[Rule]:
    """All rules, in order."""
    return [Rule(*(part.strip() for part in line.split("|"))) for line in RULES.strip().splitlines()]


@functools.cache
def marked_tests() -> dict[str, list[str]]:
    """Rule id to the tests that carry its mark, read from the sources without importing them."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        if "mark.rule" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for call in (call for part in node.decorator_list for call in ast.walk(part)):
                    _collect(call, f"{path.relative_to(TESTS).as_posix()}::{node.name}", found)
            elif isinstance(node, ast.Assign):
                for call in ast.walk(node.value):
                    names = [ast.unparse(target) for target in node.targets]
                    _collect(call, f"{path.relative_to(TESTS).as_posix()} ({', '.join(names)})", found)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.param":
                for call in (call for word in node.keywords for call in ast.walk(word.value)):
                    _collect(call, path.relative_to(TESTS).as_posix(), found)
    return found


def _collect(node: ast.AST, test: str, found: dict[str, list[str]]) -> None:
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.rule"):
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                tests = found.setdefault(argument.value, [])
                if test not in tests:
                    tests.append(test)


def table() -> str:
    """The table as Markdown."""
    tests = marked_tests()
    lines = [
        "# RFC 4825, rule by rule",
        "",
        "Each rule that a test can show, and the tests that show it. Generated by `make rules` from the",
        "`@pytest.mark.rule` marks; a test fails where a rule has no test.",
        "",
        "| rule | § | gist | tests |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {rule.id} | {rule.section} | {rule.gist} | {'<br>'.join(f'`{test}`' for test in tests.get(rule.id, []))} |"
        for rule in rules()
    ]
    return "\n".join(lines) + "\n"
