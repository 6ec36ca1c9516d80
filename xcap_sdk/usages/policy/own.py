"""The rules that the SDK makes for what `allow`, `block`, `polite_block` and `confirm` say, and edits again.

There is one for each kind of sub-handling, with an identity, and one with an external list, so that they
follow OMA's constraints, too. Rules with other ids, and rules with these ids that say more than the SDK ever
writes, are somebody else's and stay as they are.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from xcap_documents.common_policy import Conditions, Except, Identity, Many, One, Rule, Ruleset
from xcap_documents.oma_common_policy import Anchor, ExternalList
from xcap_documents.pres_rules import SubHandling, SubHandlingElement
from xcap_sdk.usages.policy.combining import transformations_known
from xcap_sdk.usages.policy.permissions import STRENGTH
from xcap_sdk.usages.policy.targets import Kind, Target
from xcap_sdk.usages.policy.uris import Users, said, same_domain
from xcap_sdk.usages.policy.well_known import show_everything

_ID = re.compile(r"xcap-sdk-(allow|block|polite-block|confirm)(-lists)?(?:-[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one of the SDK's own rules says of somebody.

    Attributes:
        target: Whom it is about.
        sub_handling: What becomes of their subscriptions.
        rule: The id of the rule.
    """

    target: Target
    sub_handling: SubHandling
    rule: str


def is_own(rule: Rule) -> bool:
    """Whether the SDK made a rule, and nobody has added anything that the SDK does not write."""
    found = _ID.fullmatch(said(rule.id))
    if found is None or rule.conditions is None or rule.actions is None or len(rule.conditions.items) != 1:
        return False
    handling, lists = SubHandling(found[1]), bool(found[2])
    [condition] = rule.conditions.items
    return (
        rule.actions.extensions == [SubHandlingElement(value=handling)]
        and (rule.transformations is None or (handling is SubHandling.ALLOW and transformations_known(rule)))
        and (isinstance(condition, ExternalList) if lists else _is_plain(condition))
    )


def _is_plain(condition: object) -> bool:
    return isinstance(condition, Identity) and all(
        (isinstance(item, One) and item.extension is None and said(item.id) != "")
        or (isinstance(item, Many) and all(isinstance(each, Except) for each in item.items))
        for item in condition.items
    )


def statements(model: Ruleset) -> Iterator[Statement]:
    """What the SDK's own rules say, in document order."""
    for rule in model.items:
        if is_own(rule):
            for item in _members(rule):
                if isinstance(item, One):
                    target = Target(Kind.USER, item.id)
                elif isinstance(item, Many):
                    target = Target(Kind.EVERYONE if item.domain is None else Kind.DOMAIN, item.domain or "")
                else:
                    target = Target(Kind.LIST, item.anc or "")
                yield Statement(target, _handling(rule), rule.id)


def state(model: Ruleset, targets: list[Target], handling: SubHandling | None) -> bool:
    """Let the SDK's own rules say this of these, and nothing else; None for nothing at all.

    A narrower statement counts for more than a wider one: rules that grant more to everyone or to a domain
    get exceptions for those of whom less is said.

    Returns:
        Whether anything changed.
    """
    about = _Said(targets)
    changed = False
    present = _Said([])
    for rule in [rule for rule in model.items if is_own(rule)]:
        same = _handling(rule) is handling
        members = _members(rule)
        kept: list[One | Many | Anchor] = []
        for item in members:
            if not about.has(item):
                kept.append(item)
            elif same:
                kept.append(item)
                present.note(item)
        if len(kept) != len(members):
            members[:] = kept
            changed = True
        if not members:
            model.items[:] = [each for each in model.items if each is not rule]
    missing = [target for target in targets if not present.names(target)]
    if handling is not None and missing:
        members = _members(_rule_for(model, missing[0].kind, handling))
        for target in missing:
            if not present.names(target):  # the same user may be given twice
                members.append(_element(target))
                present.note(members[-1])
        changed = True
    return _settle(model, about) or changed


def _settle(model: Ruleset, about: _Said) -> bool:
    """Give the wider statements the exceptions that they need for these, or for which they are new."""
    own = [rule for rule in model.items if is_own(rule)]
    narrower = [each for each in statements(model) if each.target.kind in {Kind.USER, Kind.DOMAIN}]
    changed = False
    for rule in own:
        for many in [item for item in _members(rule) if isinstance(item, Many)]:
            new = about.has(many)
            needed = [
                each.target
                for each in narrower
                if (new or about.names(each.target))
                and each.target.is_wider(many)
                and STRENGTH[each.sub_handling] < STRENGTH[_handling(rule)]
            ]
            changed = _except(many, about, needed) or changed
    return changed


def _except(many: Many, about: _Said, needed: list[Target]) -> bool:
    """Add the exceptions that are needed, and take out those for whom they no longer are."""
    wanted = _Said(needed)
    kept = [item for item in many.items if not (_excepted(about, item) and not _excepted(wanted, item))]
    there = _Said([])
    for item in kept:
        there.note(item)
    added = [target.exception() for target in needed if not there.names(target)]
    changed = bool(added) or len(kept) != len(many.items)
    if changed:
        many.items[:] = [*kept, *added]
    return changed


def _excepted(about: _Said, item: object) -> bool:
    return isinstance(item, Except) and about.has(item)


class _Said:
    """Targets, to be found again among the elements of rules."""

    def __init__(self, targets: list[Target]) -> None:
        self._users = Users()
        self._rest: set[Target] = set()
        for target in targets:
            self._add(target)

    def _add(self, target: Target) -> None:
        if target.kind is Kind.USER:
            self._users.add(target.value)
        else:
            self._rest.add(target)

    def names(self, target: Target) -> bool:
        """Whether a target is among them."""
        if target.kind is Kind.USER:
            return target.value in self._users
        return any(_is_same(each, target) for each in self._rest)

    def has(self, item: object) -> bool:
        """Whether an element is about one of them, and about nobody else."""
        target = _target(item)
        return target is not None and self.names(target)

    def note(self, item: object) -> None:
        """Add the one that an element is about."""
        target = _target(item)
        if target is not None:
            self._add(target)


def _is_same(one: Target, other: Target) -> bool:
    if one.kind is not other.kind:
        return False
    return one.value == other.value or (one.kind is Kind.DOMAIN and same_domain(one.value, other.value))


def _target(item: object) -> Target | None:
    match item:
        case One():
            return Target(Kind.USER, item.id)
        case Many():
            return Target(Kind.EVERYONE) if item.domain is None else Target(Kind.DOMAIN, item.domain)
        case Anchor():
            return Target(Kind.LIST, item.anc or "")
        case Except() if item.id is not None and item.domain is None:
            return Target(Kind.USER, item.id)
        case Except() if item.domain is not None and item.id is None:
            return Target(Kind.DOMAIN, item.domain)
        case _:
            return None


def _element(target: Target) -> One | Many | Anchor:
    if target.kind is Kind.USER:
        return One(id=target.value)
    if target.kind is Kind.LIST:
        return Anchor(anc=target.value)
    return Many(domain=target.value or None)


def _members(rule: Rule) -> list[One | Many | Anchor]:
    """The list of what one of the SDK's own rules names."""
    assert rule.conditions is not None
    [condition] = rule.conditions.items
    assert isinstance(condition, Identity | ExternalList)
    return condition.items  # pyright: ignore[reportReturnType] - is_own() has seen that nothing else is in it


def _handling(rule: Rule) -> SubHandling:
    handling = rule.sub_handling
    assert handling is not None
    return handling


def _rule_for(model: Ruleset, kind: Kind, handling: SubHandling) -> Rule:
    """The SDK's own rule for this, made if need be."""
    lists = "-lists" if kind is Kind.LIST else ""
    name = f"xcap-sdk-{handling.value}{lists}"
    numbered = re.compile(rf"{name}(-[0-9]+)?")
    for rule in model.items:
        if numbered.fullmatch(said(rule.id)) and is_own(rule):
            return rule
    taken = {rule.id for rule in model.items}
    numbers = itertools.count(2)
    while name in taken:
        name = f"xcap-sdk-{handling.value}{lists}-{next(numbers)}"
    rule = model.rules.add(name)
    rule.conditions = Conditions(items=[ExternalList() if lists else Identity()])
    rule.sub_handling = handling
    if handling is SubHandling.ALLOW:
        show_everything(rule)
    return rule
