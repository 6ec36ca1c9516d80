"""The documents that the benchmarks work on, and the walk that all binding is measured by."""

from __future__ import annotations

from functools import cache

from lxml import etree

from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import SubHandling
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import serialize


@cache
def book(entries: int) -> bytes:
    """A buddy list: one list, and each entry with a display name; 120 bytes of each."""
    model = ResourceLists()
    friends = model.lists.add("friends")
    for number in range(entries):
        friends.entries.add(uri(number), display_name=f"User {number}")
    return serialize(model)


def uri(number: int) -> str:
    """The URI of an entry."""
    return f"sip:user{number}@example.org"


@cache
def policy(rules: int) -> bytes:
    """Presence rules, each for one person, with an action and a transformation."""
    model = Ruleset()
    for number in range(rules):
        rule = model.rules.add(f"r{number}")
        rule.identity.add(uri(number))
        rule.sub_handling = SubHandling.ALLOW
        rule.provide_note = True
    return serialize(model)


def walk(document: bytes) -> int:
    """The bare Python walk over the lxml tree: what binding has to do at least, and nothing is made of it.

    lxml parses the bytes; a function that calls itself for each child looks at an element's name, text, tail
    and at each attribute's name and value.
    """

    def visit(element: etree._Element) -> int:  # pyright: ignore[reportPrivateUsage] - lxml's only name
        count = 1
        _ = element.tag, element.text, element.tail
        for _, _ in element.attrib.items():
            pass
        for child in element:
            count += visit(child)
        return count

    return visit(etree.fromstring(document))


def flat_walk(document: bytes) -> None:
    """The same by one loop over all elements, which then does not know what is in what."""
    for element in etree.fromstring(document).iter():
        _ = element.tag, element.text, element.tail
        for _, _ in element.attrib.items():
            pass
