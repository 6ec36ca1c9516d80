"""Node selectors: steps, positions, attribute tests, namespaces, percent-encoding."""

from __future__ import annotations

from typing import Final

from xcap_sdk.probe.judging import Level, Part, expect, expect_status, expect_success
from xcap_sdk.probe.lab import BOOK, NAMESPACE, Lab
from xcap_sdk.protocol.messages import Response
from xcap_sdk.protocol.profiles import Ability

SELECTORS: Final = Part("Node selectors")

_LIST: Final = 'resource-lists/list[@name="a"]'
_FIRST: Final = b'<entry uri="sip:1@example.org"/>'
_THIRD: Final = b'<entry uri="sip:3@example.org"/>'
_PREFIXED: Final = f"""\
<rl:resource-lists xmlns:rl="{NAMESPACE}"><rl:list name="a"/><rl:list name="b"/></rl:resource-lists>
"""


@SELECTORS.check("6.3", Level.MUST)
def by_position(lab: Lab) -> None:
    """An element is selected by its position."""
    lab.fresh()
    _expect(lab.get(f"{_LIST}/entry[3]"), _THIRD)


@SELECTORS.check("6.3", Level.MUST)
def by_attribute(lab: Lab) -> None:
    """An element is selected by an attribute."""
    lab.fresh()
    _expect(lab.get(f'{_LIST}/entry[@uri="sip:3@example.org"]'), _THIRD)


@SELECTORS.check("6.3", Level.MUST)
def by_position_and_attribute(lab: Lab) -> None:
    """An element is selected by position and attribute, and both have to fit."""
    lab.fresh()
    _expect(lab.get(f'{_LIST}/entry[3][@uri="sip:3@example.org"]'), _THIRD)
    expect_status(lab.get(f'{_LIST}/entry[1][@uri="sip:3@example.org"]'), 404)


@SELECTORS.check("6.3", Level.MUST)
def star_by_position(lab: Lab) -> None:
    """A * counts the elements of all names."""
    lab.fresh()
    _expect(lab.get("*/*[1]/*[3]"), _THIRD)


@SELECTORS.check("6.3", Level.MUST)
def star_by_attribute(lab: Lab) -> None:
    """A * with an attribute selects the element that has it."""
    lab.fresh()
    _expect(lab.get('resource-lists/*[@name="a"]/*[@uri="sip:3@example.org"]'), _THIRD)


@SELECTORS.check("6.3", Level.MUST)
def position_beyond_the_last(lab: Lab) -> None:
    """A position beyond the last selects nothing: 404."""
    lab.fresh()
    expect_status(lab.get(f"{_LIST}/entry[9]"), 404)


@SELECTORS.check("6.3", Level.MUST)
def values_are_compared_exactly(lab: Lab) -> None:
    """Values are compared character by character, also of URIs."""
    lab.fresh()
    expect_status(lab.get(f'{_LIST}/entry[@uri="SIP:1@example.org"]'), 404)


@SELECTORS.check("6.3", Level.MUST)
def apostrophes(lab: Lab) -> None:
    """Values may stand in apostrophes."""
    lab.fresh()
    _expect(lab.get(lab.raw("resource-lists/list[@name='a']/entry[@uri='sip:1@example.org']")), _FIRST)


@SELECTORS.check("6.3", Level.MUST)
def lower_case_digits(lab: Lab) -> None:
    """Percent-encoding in lower case is the same."""
    lab.fresh()
    uri = lab.raw(f"{_LIST}/entry[3]")
    _expect(lab.get(uri.replace("%5B", "%5b").replace("%5D", "%5d")), _THIRD)


@SELECTORS.check("6", Level.MUST)
def encoded_separator(lab: Lab) -> None:
    """The separator ~~ may be percent-encoded."""
    lab.fresh()
    _expect(lab.get(lab.raw(f"{_LIST}/entry[3]").replace("/~~/", "/%7E%7E/")), _THIRD)


@SELECTORS.check("6.3", Level.MUST)
def slash_in_a_value(lab: Lab) -> None:
    """A slash in a value, percent-encoded, does not end the step."""
    lab.fresh()
    _expect_put_and_got(lab, "a/b")


@SELECTORS.check("6.3", Level.MUST)
def escaped_value(lab: Lab) -> None:
    """Ampersands, quotes, spaces and percent signs in values are unescaped before they are compared."""
    lab.fresh()
    _expect_put_and_got(lab, 'a&b"c% d')


@SELECTORS.check("6.3", Level.MUST)
def other_alphabets_in_a_value(lab: Lab) -> None:
    """Values may be of other alphabets, in UTF-8."""
    lab.fresh(BOOK.replace(b"sip:3@", "sip:зоя@".encode()))
    _expect(
        lab.get(f'{_LIST}/entry[@uri="sip:зоя@example.org"]'), '<entry uri="sip:зоя@example.org"/>'.encode()
    )


@SELECTORS.check("6.3", Level.MUST)
def default_namespace(lab: Lab) -> None:
    """Names without a prefix are in the default document namespace, whatever prefix the document has."""
    lab.fresh(_PREFIXED)
    _expect(lab.get('resource-lists/list[@name="b"]'), b'<rl:list name="b"/>')


@SELECTORS.check("6.4", Level.MUST, Ability.BIND_PREFIXES)
def bound_prefix(lab: Lab) -> None:
    """Prefixes are bound by ?xmlns() in the query."""
    lab.fresh()
    where = lab.at('r:resource-lists/r:list[@name="b"]', {"r": NAMESPACE})
    _expect(lab.get(where), b'<list name="b"/>')


@SELECTORS.check("6.4", Level.MUST, Ability.BIND_PREFIXES)
def bound_prefix_of_a_put(lab: Lab) -> None:
    """A PUT may bind prefixes, too."""
    lab.fresh()
    where = lab.at('r:resource-lists/r:list[@name="b"]', {"r": NAMESPACE})
    expect_success(lab.put(where, '<list name="b"><entry uri="sip:4@x"/></list>'))
    _expect(lab.get('resource-lists/list[@name="b"]'), b'<list name="b"><entry uri="sip:4@x"/></list>')


@SELECTORS.check("6.4", Level.MUST, Ability.BIND_PREFIXES)
def unused_binding(lab: Lab) -> None:
    """A binding that is not used does no harm."""
    lab.fresh()
    _expect(lab.get(lab.raw('resource-lists/list[@name="b"]', "?xmlns(r=urn:example)")), b'<list name="b"/>')


@SELECTORS.check("8", Level.MUST)
def unbound_prefix(lab: Lab) -> None:
    """A prefix that is not bound is answered 400."""
    lab.fresh()
    expect_status(lab.get(lab.raw("r:resource-lists")), 400)


@SELECTORS.check("8", Level.MUST)
def no_selector(lab: Lab) -> None:
    """XPath beyond the grammar of selectors is an extension that is not known: 404."""
    lab.fresh()
    expect_status(lab.get(lab.raw("resource-lists/list[last()]")), 404, 400)


def _expect(response: Response, body: bytes) -> None:
    expect_status(response, 200)
    expect(response.body == body, "200 with another body")


def _expect_put_and_got(lab: Lab, name: str) -> None:
    where = lab.document.element("resource-lists").child("list", where=("name", name))
    escaped = name.replace("&", "&amp;").replace('"', "&quot;")
    body = f'<list name="{escaped}"/>'
    expect_success(lab.put(where, body))
    _expect(lab.get(where), body.encode())
