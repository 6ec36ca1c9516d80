"""What an edit came to, and what others of the user's rules grant in spite of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from xcap_documents.common_policy import Except, Identity, Many, One, Rule, Ruleset
from xcap_documents.oma_common_policy import AnonymousRequest, ExternalList, OtherIdentity
from xcap_documents.pres_rules import SubHandling
from xcap_sdk.usages.policy.combining import handling_of
from xcap_sdk.usages.policy.matching import is_of
from xcap_sdk.usages.policy.own import is_own
from xcap_sdk.usages.policy.permissions import STRENGTH
from xcap_sdk.usages.policy.targets import Kind, Target
from xcap_sdk.usages.policy.uris import Users, said, same_domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A rule that grants more than an edit was to leave.

    Attributes:
        target: Whom the edit was about.
        rule: The id of the rule.
        sub_handling: What it grants.
        to: Whom it grants that: the target, or others that have to do with it.
        own: Whether the rule is one of the SDK's own, which says so of somebody in particular.
        conditional: Whether it has further conditions, which may or may not hold.
        remedy: What would take it away, as one would write it.
    """

    target: Target
    rule: str
    sub_handling: SubHandling
    to: str
    own: bool
    conditional: bool
    remedy: str

    def __str__(self) -> str:
        whose = "the SDK's own rule" if self.own else "rule"
        when = " under further conditions" if self.conditional else ""
        return f"{whose} {self.rule!r} grants {self.sub_handling.value} to {self.to}{when}: {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit of a policy came to.

    Permissions add up (RFC 4745 §10.2): what one rule grants, no other takes away. So a block is only one if
    nothing remains.

    Attributes:
        sub_handling: What was said; None if a statement was taken back.
        changed: Whether the document changed; if not, all was said already.
        remains: The rules that grant more.
        outranked: The ids of rules that do not count beside another, as OMA has it: lists and other
            identities beside an identity that takes everyone in. Of both, this edit made one.
    """

    sub_handling: SubHandling | None
    changed: bool
    remains: tuple[Grant, ...]
    outranked: tuple[str, ...] = ()

    def __str__(self) -> str:
        handling = "nothing" if self.sub_handling is None else self.sub_handling.value
        head = f"said {handling}" if self.changed else f"{handling} was said already"
        outranked = [
            f"rule {rule!r} does not count: an identity takes everyone in" for rule in self.outranked
        ]
        return "; ".join([head, *map(str, self.remains), *outranked])


def outranked(models: Iterable[Ruleset], targets: Iterable[Target]) -> Iterator[str]:
    """The ids of the rules that OMA's order of conditions keeps from counting for what these are about."""
    kinds = {target.kind for target in targets}
    rules = [rule for model in models for rule in model.items]
    conditions = [
        (said(rule.id), each) for rule in rules if rule.conditions for each in rule.conditions.items
    ]
    everyone = any(
        isinstance(item, Many) and item.domain is None
        for _, each in conditions
        if isinstance(each, Identity)
        for item in each.items
    )
    beside = {Kind.EVERYONE: (ExternalList, OtherIdentity), Kind.LIST: (ExternalList,)}
    for kind, classes in beside.items():
        if everyone and kind in kinds:
            yield from (rule for rule, each in conditions if isinstance(each, classes))


def remaining(
    models: Iterable[Ruleset], targets: Iterable[Target], handling: SubHandling | None
) -> Iterator[Grant]:
    """The rules that grant more to some of these, in document order.

    Rules with an external list, and those for other identities, do not count for whom an identity names, as
    OMA has it; a server that does not know these conditions takes them not to hold.

    Args:
        models: All documents of the user.
        targets: Whom the edit was about.
        handling: How much it was to leave; None for nothing.
    """
    targets = list(targets)
    limit = STRENGTH[handling or SubHandling.BLOCK]
    for rule in [rule for model in models for rule in model.items]:
        granted = handling_of(rule)
        if STRENGTH[granted] > limit:
            reach, conditional = _reach(rule)
            for target in targets:
                for to, remedy in reach(target):
                    yield Grant(
                        target=target,
                        rule=said(rule.id),
                        sub_handling=granted,
                        to=to,
                        own=is_own(rule),
                        conditional=conditional,
                        remedy=f"rules[{_quoted(said(rule.id))}]{remedy}",
                    )


_Reached = list[tuple[str, str]]
"""Whom a rule reaches, and what would change that, as one would write it behind the rule."""


def _reach(rule: Rule) -> tuple[Callable[[Target], _Reached], bool]:
    """Whom of a target a rule reaches, and whether only under further conditions."""
    conditions = rule.conditions.items if rule.conditions else []
    if any(isinstance(each, OtherIdentity | AnonymousRequest) for each in conditions):
        return lambda _: [], False
    naming = [each for each in conditions if isinstance(each, Identity | ExternalList)]
    conditional = len(naming) != len(conditions) or len(naming) > 1
    if not naming:
        return lambda target: [(str(target), " has no identity: give it one, or remove it")], conditional
    condition = naming[0]
    if isinstance(condition, Identity):
        named = _Named(condition)
        return named.reached, conditional
    return lambda target: _on_list(condition, target), conditional


class _Named:
    """Whom an identity names."""

    def __init__(self, identity: Identity) -> None:
        self._uris = [
            item.id
            for item in identity.items
            if isinstance(item, One) and item.extension is None and said(item.id)
        ]
        self._users = Users(self._uris)
        understood = [
            (item, [each for each in item.items if isinstance(each, Except)])
            for item in identity.items
            if isinstance(item, Many)
        ]
        self._many = [
            (many, exceptions, Users(each.id for each in exceptions if each.id is not None))
            for many, exceptions in understood
            if len(exceptions) == len(many.items)
        ]

    def reached(self, target: Target) -> _Reached:
        found: _Reached = [(uri, f".identity.remove({_quoted(uri)})") for uri in self._single(target)]
        for many, exceptions, left_out in self._many:
            found += _in_many(many, exceptions, left_out, target)
        return found

    def _single(self, target: Target) -> list[str]:
        match target.kind:
            case Kind.USER:
                return self._users.uris_of(target.value)
            case Kind.DOMAIN:
                return [uri for uri in self._uris if is_of(uri, target.value)]
            case Kind.EVERYONE:
                return self._uris
            case Kind.LIST:  # who is on it is not known here
                return []


def _in_many(many: Many, exceptions: list[Except], left_out: Users, target: Target) -> _Reached:
    if target.is_many(many) or target.kind is Kind.EVERYONE:
        to = Target(Kind.EVERYONE) if many.domain is None else Target(Kind.DOMAIN, many.domain)
        remedy = ".anyone = False" if many.domain is None else f".many.remove({_quoted(many.domain)})"
        return [(str(to), f".identity{remedy}")]
    if target.kind is Kind.LIST:
        return [(str(target), ".identity.anyone = False")] if many.domain is None else []
    domains = [each.domain for each in exceptions if each.domain is not None]
    if target.kind is Kind.USER:
        left = target.value in left_out or any(is_of(target.value, domain) for domain in domains)
    else:
        left = any(same_domain(target.value, domain) for domain in domains)
    if left or not target.is_wider(many):
        return []
    view = ".identity.many.ensure()" if many.domain is None else f".identity.many[{_quoted(many.domain)}]"
    field = "except_ids" if target.kind is Kind.USER else "except_domains"
    return [(str(target), f"{view}.{field}.add({_quoted(target.value)})")]


def _on_list(condition: ExternalList, target: Target) -> _Reached:
    if target.kind is Kind.LIST and target.value in [each.anc for each in condition.items]:
        return [(str(target), f".external_list.remove({_quoted(target.value)})")]
    return []


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
