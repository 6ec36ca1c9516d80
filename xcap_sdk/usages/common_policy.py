"""What all documents of common policy share (RFC 4745): their keys, and where their rules name whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from xcap_documents.common_policy import Except, Identity, Many, One, Rule, Ruleset
from xcap_sdk.documents.bounded import subscript
from xcap_sdk.usages.usage import Check

if TYPE_CHECKING:
    from xcap_sdk.errors import Problem

C = TypeVar("C")

IDENTITIES = "RFC 4745 §7.2"
POLICY_KEYS: dict[type, str] = {Rule: "id", One: "id", Many: "domain", Except: "id"}


def identities(policy: Ruleset, before: str = "") -> Iterator[Problem]:
    """Identities of rules that are no URIs (RFC 4745 §7.2).

    Args:
        policy: The rules.
        before: What leads to them, with a dot behind it.
    """
    from xcap_sdk.usages.absolute import told_of

    for place, rule in rules(policy, before):
        for where, identity in conditions(rule, place, Identity, "identity"):
            for inside, text in _strangers(identity, where):
                yield told_of(f"{inside}.id", text, IDENTITIES)


def rules(policy: Ruleset, before: str = "") -> Iterator[tuple[str, Rule]]:
    """The rules with their places: by their ids, unless several have the same.

    Args:
        policy: The rules.
        before: What leads to them, with a dot behind it.
    """
    counts = Counter[str | None](rule.id for rule in policy.items)
    for number, rule in enumerate(policy.items):
        place = f"{before}rules"
        yield place + subscript(place, rule.id if counts[rule.id] == 1 else None, number), rule


def conditions(rule: Rule, place: str, kind: type[C], name: str) -> Iterator[tuple[str, C]]:
    """The conditions of a class with their places.

    Args:
        rule: The rule.
        place: Its place.
        kind: The class.
        name: The property of the rule that shows what is in the first of them.
    """
    where = f"{place}.{name}"
    for number, condition in enumerate(rule.conditions.items if rule.conditions else ()):
        if isinstance(condition, kind):
            yield where or f"{place}.conditions.items[{number}]", condition
            where = ""


def _strangers(identity: Identity, place: str) -> Iterator[tuple[str, str]]:
    """The identities that are no URIs, each with its place."""
    from xcap_sdk.usages.absolute import no_uris

    is_shown = not place.endswith("]")  # by the rule, which counts each kind
    ones = [(number, item) for number, item in enumerate(identity.items) if isinstance(item, One)]
    for number, text in no_uris(one.id for _, one in ones):
        yield f"{place}[{number}]" if is_shown else f"{place}.items[{ones[number][0]}]", text
    manys = [(number, item) for number, item in enumerate(identity.items) if isinstance(item, Many)]
    counts = Counter(many.domain for _, many in manys)
    for position, (index, many) in enumerate(manys):
        inside = f"{place}.items[{index}]"
        if is_shown:
            inside = f"{place}.many"
            inside += subscript(inside, many.domain if counts[many.domain] == 1 else None, position)
        for number, text in no_uris(item.id for item in many.items if isinstance(item, Except)):
            yield f"{inside}.items[{number}]", text


IDENTITY_URIS = Check("uri", IDENTITIES, identities)
"""For rules of any kind: whom they name is named by a URI."""
