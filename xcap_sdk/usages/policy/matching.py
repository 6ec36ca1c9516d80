"""Whether a rule's conditions hold for a watcher (RFC 4745 §7, RFC 5025 §3.1, OMA's common policy)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from xcap_documents.common_policy import Except, Identity, Many, One, Rule, Sphere, Validity
from xcap_documents.geolocation_policy import LocationCondition
from xcap_documents.oma_common_policy import AnonymousRequest, ExternalList, OtherIdentity
from xcap_sdk.usages.policy.uris import Users, domain_of, said, same_domain, same_user

Lists = Callable[[str], Iterable[str] | None]


class Tier(IntEnum):
    """How directly a rule names a watcher; with OMA's conditions, only the most direct rules count."""

    OTHER = 0
    LIST = 1
    NAMED = 2
    ANYBODY = 3
    """It says nothing of who the watcher is, and counts in any case."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A condition, or a part of one, that could not be decided and so does not hold (RFC 4745 §7).

    Attributes:
        rule: The id of its rule.
        condition: Its element, such as ``external-list``, or ``{namespace}name`` if it is none that is known.
        reason: Why it could not be decided.
    """

    rule: str
    condition: str
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, and when.

    Attributes:
        watchers: The URIs that the watcher is authenticated as; none if it is not.
        anonymous: Whether it hides who it is.
        sphere: The owner's sphere; None if it has none, or it is not known.
        at: The moment.
        lists: Gives the members of a resource list; None for one that it does not know.
        oma: Whether OMA's conditions are known.
    """

    watchers: tuple[str, ...]
    anonymous: bool
    sphere: str | None
    at: datetime
    lists: Lists
    oma: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a rule's conditions.

    Attributes:
        rule: The rule.
        holds: Whether all hold; an ``other-identity`` counts as if it did.
        names: Whether an identity or a list of it names the watcher, whatever its other conditions.
        tier: How directly it does.
        unknown: What could not be decided.
    """

    rule: Rule
    holds: bool
    names: bool
    tier: Tier
    unknown: tuple[Unknown, ...]


def judge(rule: Rule, request: Request) -> Verdict:
    """Decide the conditions of one rule; the model is left as it is."""
    unknown: list[Unknown] = []
    holds, names, tier = True, False, Tier.ANYBODY
    for condition in rule.conditions.items if rule.conditions else ():
        fits = _fits(condition, request, _Reporter(said(rule.id), unknown))
        holds = holds and fits
        kind = _TIERS.get(type(condition))
        if kind is not None:
            tier = min(tier, kind)
            names = names or (fits and kind is not Tier.OTHER)
    return Verdict(rule, holds, names, tier, tuple(unknown))


def counting(verdicts: Iterable[Verdict], *, oma: bool) -> list[Verdict]:
    """Those rules that match, and that OMA's order of conditions lets count.

    Args:
        verdicts: The verdicts on all rules.
        oma: Whether OMA's conditions are known.
    """
    verdicts = list(verdicts)
    others = sum(verdict.names for verdict in verdicts)
    holding = [
        verdict
        for verdict in verdicts
        if verdict.holds and (verdict.tier is not Tier.OTHER or others == verdict.names)
    ]
    if not oma:
        return holding
    best = max((verdict.tier for verdict in holding if verdict.tier is not Tier.ANYBODY), default=Tier.OTHER)
    return [verdict for verdict in holding if verdict.tier >= best]


_TIERS: dict[type, Tier] = {
    Identity: Tier.NAMED,
    AnonymousRequest: Tier.NAMED,
    ExternalList: Tier.LIST,
    OtherIdentity: Tier.OTHER,
}


class _Reporter:
    """Notes what could not be decided."""

    def __init__(self, rule: str, found: list[Unknown]) -> None:
        self._rule = rule
        self._found = found

    def __call__(self, condition: str, reason: str) -> bool:
        self._found.append(Unknown(self._rule, condition, reason))
        return False


def _fits(condition: object, request: Request, unknown: _Reporter) -> bool:
    match condition:
        case Identity():
            fits = _identity(condition, request, unknown)
        case Sphere():
            fits = _sphere(condition, request, unknown)
        case Validity():
            fits = _validity(condition, request, unknown)
        case ExternalList() | OtherIdentity() | AnonymousRequest() if not request.oma:
            fits = unknown(name_of(condition), "it is OMA's, which is not to be known here")
        case ExternalList():
            fits = _external_list(condition, request, unknown)
        case OtherIdentity():
            fits = True
        case AnonymousRequest():
            fits = request.anonymous
        case LocationCondition():
            fits = unknown("location-condition", "it is not known where the owner is (RFC 6772 §4)")
        case _:
            fits = unknown(name_of(condition), "it is not known what it means")
    return fits


def _identity(identity: Identity, request: Request, unknown: _Reporter) -> bool:
    if not identity.items:  # RFC 5025 §3.1.1.2
        return not request.watchers
    fits = [_is_one_of(item, request, unknown) for item in identity.items]  # all, for the sake of reports
    return any(fits)


def _is_one_of(item: object, request: Request, unknown: _Reporter) -> bool:
    match item:
        case One():
            if item.extension is not None:
                return unknown(name_of(item.extension), "it is not known what it means in a one")
            return any(same_user(watcher, said(item.id)) for watcher in request.watchers)
        case Many():
            return _many(item, request, unknown)
        case _:
            return unknown(name_of(item), "it is not known what it means in an identity")


def _many(many: Many, request: Request, unknown: _Reporter) -> bool:
    foreign = [item for item in many.items if not isinstance(item, Except)]
    if foreign:
        return unknown(name_of(foreign[0]), "it is not known what it means in a many")
    inside = [each for each in request.watchers if many.domain is None or is_of(each, many.domain)]
    return bool(inside) and not any(
        excludes(item, watcher)
        for item in many.items
        if isinstance(item, Except)
        for watcher in request.watchers  # of several URIs, each counts (RFC 5025 §3.1.1.2)
    )


def is_of(uri: str, domain: str) -> bool:
    """Whether a user is of a domain."""
    own = domain_of(uri)
    return own is not None and same_domain(own, domain)


def excludes(item: Except, uri: str) -> bool:
    """Whether an exception leaves a user out."""
    return (item.id is not None and same_user(uri, item.id)) or (
        item.domain is not None and is_of(uri, item.domain)
    )


def _sphere(sphere: Sphere, request: Request, unknown: _Reporter) -> bool:
    if request.sphere is None:
        return unknown("sphere", f"the owner's sphere is not known, and it would have to be {sphere.value!r}")
    return request.sphere.strip().casefold() in said(sphere.value).casefold().split()


def _validity(validity: Validity, request: Request, unknown: _Reporter) -> bool:
    if len(validity.from_) != len(validity.until):
        unknown("validity", "a from is without its until, or the other way round")
    fits = [_during(pair, request.at, unknown) for pair in _pairs(validity)]
    return any(fits)


def _pairs(validity: Validity) -> Iterator[Validity]:
    for start, end in zip(validity.from_, validity.until, strict=False):
        yield Validity(from_=[start], until=[end])


def _during(pair: Validity, at: datetime, unknown: _Reporter) -> bool:
    try:
        [period] = pair.periods
    except ValueError:
        return unknown("validity", f"{pair.from_[0]} until {pair.until[0]} is no period that can be compared")
    if period.start.tzinfo is None or period.end.tzinfo is None:
        return unknown("validity", f"{pair.from_[0]} until {pair.until[0]} has no time zone")
    return period.start <= at < period.end


def _external_list(condition: ExternalList, request: Request, unknown: _Reporter) -> bool:
    fits = [_is_on(anchor.anc, request, unknown) for anchor in condition.items]
    return any(fits)


def _is_on(anchor: str | None, request: Request, unknown: _Reporter) -> bool:
    members = None if anchor is None else request.lists(anchor)
    if members is None:
        return unknown("external-list", f"the members of {anchor!r} are not known")
    on_it = Users(members)
    return any(watcher in on_it for watcher in request.watchers)


def name_of(item: object) -> str:
    """The name of an element as it is reported: ``name``, or ``{namespace}name`` if it has no class."""
    generic: str | None = getattr(item, "qname", None)
    return generic or str(getattr(getattr(type(item), "Meta", None), "name", type(item).__name__))
