"""What supplementary services can do beyond their fields: rules, diversions, barrings, restrictions.

The same is mixed into the classes of the services and into the views of a simservs document, which make the
service on write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from .errors import DuplicateKey
from .rules import Rules
from .service_rules import checked_target, only_condition
from .wildcards import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xcap_documents.common_policy import Rule
    from xcap_documents.simservs import DefaultBehaviour, ForwardTo

    from .enum_texts import DefaultBehaviourText

DiversionCondition = Literal["unconditional", "busy", "no-answer", "not-reachable", "not-registered"]
BarringCondition = Literal[
    "unconditional", "anonymous", "communication-diverted", "international", "international-exHC", "roaming"
]

_DIVERSIONS = {
    "unconditional": (None, "cfu"),
    "busy": ("Busy", "cfb"),
    "no-answer": ("NoAnswer", "cfnr"),
    "not-reachable": ("NotReachable", "cfnrc"),
    "not-registered": ("NotRegistered", "cfnl"),
}
_BARRINGS = {
    "unconditional": (None, "all"),
    "anonymous": ("Anonymous", "anonymous"),
    "communication-diverted": ("CommunicationDiverted", "communication-diverted"),
    "international": ("International", "international"),
    "international-exHC": ("InternationalExHc", "international-exHC"),
    "roaming": ("Roaming", "roaming"),
}
_PREFIXES = {"IncomingCommunicationBarring": "icb", "OutgoingCommunicationBarring": "ocb"}


class Part:
    """A service that is its own element; views find theirs in the document, or make it."""

    __slots__ = ()

    def _read(self) -> Any:
        """The service's element; None if it is not there."""
        return self

    def _write(self) -> Any:
        """The service's element, made if it is not there."""
        return self

    def _beside(self) -> Iterator[tuple[str, Any]]:
        """The other services of the document that have rules, by their names."""
        return iter(())

    def _called(self) -> str:
        """The name of the service's class."""
        return type(self).__name__


class ServiceRules(Rules):
    """The rules of a service, by their ids, which no rule of any service of the document may share.

    Which of them counts where several match is up to the service; the order means nothing (RFC 4745 §10).
    """

    __slots__ = ()

    def add(self, id: str | None = None, *, at: int | None = None) -> Rule:
        """Add a rule, which at first says nothing.

        Args:
            id: Its key: an XML name without a colon, which must not start with a digit. None for one that is free
                in the whole document.
            at: Before which rule, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new rule.

        Raises:
            DuplicateKey: A rule has this id already, of this service or of another one.
        """
        return super().add(self.free_id("rule", len(self) + 1) if id is None else id, at=at)

    def free_id(self, name: str, number: int = 1) -> str:
        """An id that no rule of the document has: the name itself, or with a number behind it.

        Args:
            name: What it begins with.
            number: The first number to try; with 1 it is left out.
        """
        while self._find(found := name if number == 1 else f"{name}-{number}") or self._elsewhere(found):
            number += 1
        return found

    def _found(self) -> list[Any]:
        element = self._owner._read()
        return [] if element is None or element.ruleset is None else element.ruleset.items

    def _made(self) -> list[Any]:
        element = self._owner._write()
        if element.ruleset is None:
            element.ruleset = load("common_policy", "Ruleset")()
        return element.ruleset.items

    def _insert(self, item: Rule, at: int | None) -> Rule:
        key = self._key(self._checked(item))  # None in a document that breaks the schema
        other = self._elsewhere(key) if key is not None else None
        if key is not None and other is not None:
            raise DuplicateKey(
                f"Rule with id {key!r} is there already, in {other}: an id is unique in the whole document, "
                "so take another one, or .add() without one",
                key=key,
            )
        return super()._insert(item, at)

    def _elsewhere(self, id: str) -> str | None:
        """The service that has a rule with this id, other than this one."""
        beside = self._owner._beside()
        return next((name for name, element in beside if element.ruleset.rules.get(id) is not None), None)


class Ruled(Part):
    """A service with rules."""

    __slots__ = ()

    _shortcuts: ClassVar[Mapping[str, str]] = {"Ruleset": ""}

    @property
    def rules(self) -> ServiceRules:
        """The rules, by their ids; what is missing is made when one is added."""
        return ServiceRules(self, load("common_policy", "Rule"))

    def _fitting(self, kind: str | None, media: str | None) -> Rule | None:
        return next((rule for rule in self.rules if only_condition(rule, kind, media)), None)

    def _ensured(self, kind: str | None, media: str | None, id: str | None, name: str) -> Rule:
        found = self._fitting(kind, media)
        if found is None:
            if id is None:
                suffix = f"-{media}" if media and re.fullmatch(r"[\w.\-]+", media, re.ASCII) else ""
                id = self.rules.free_id(name + suffix)
            found = self.rules.add(id)
            if kind is not None:
                setattr(found, _attribute(kind), True)
            if media is not None:
                found.media = media
        found.rule_deactivated = False
        return found

    def _stopped(self, found: Rule | None) -> bool:
        if found is None or found.rule_deactivated:
            return False
        found.rule_deactivated = True
        return True


class Diverting(Ruled):
    """Mixed into CommunicationDiversion and its view."""

    __slots__ = ()

    def forward(
        self,
        target: str | ForwardTo,
        when: DiversionCondition = "unconditional",
        *,
        media: str | None = None,
        id: str | None = None,
        activate: bool = False,
    ) -> Rule:
        """Have calls go elsewhere.

        The rule with just this condition is changed, and turned on if it is deactivated; if there is none, it is
        added, with an id that is free in the whole document. Rules with further conditions are left alone.

        While the service itself is not `active`, no call is forwarded, whatever its rules say.

        Args:
            target: The URI that they go to, such as ``tel:+4930123456``; or a `ForwardTo` that also says who is
                told. With a URI, what an existing rule says of that stays.
            when: When they go there.
            media: Which calls, such as ``audio`` or ``video``; None for all.
            id: The id of a rule that has to be added.
            activate: Whether to turn the service on, too, with all its rules that are; otherwise it stays as it is.

        Returns:
            The rule.

        Raises:
            ValueError: The target is no URI, or the condition none of these.
            TypeError: The target is neither.
            DuplicateKey: The id is taken.
        """
        kind, name = _chosen(when, _DIVERSIONS)
        checked_target(target)
        rule = self._ensured(kind, media, id, name)
        rule.forward_to = target
        if activate:
            self._write().active = True
        return rule

    def stop(self, when: DiversionCondition = "unconditional", *, media: str | None = None) -> bool:
        """Deactivate the rule that `forward` makes, which keeps its target.

        Returns:
            Whether it was there and on.
        """
        return self._stopped(self.rule_for(when, media=media))

    def rule_for(self, when: DiversionCondition = "unconditional", *, media: str | None = None) -> Rule | None:
        """The rule with just this condition, deactivated or not; None if there is none."""
        return self._fitting(_chosen(when, _DIVERSIONS)[0], media)

    def target(self, when: DiversionCondition = "unconditional", *, media: str | None = None) -> str | None:
        """Where calls go by the rule with just this condition; None without one, or if it is deactivated.

        That is the rule's own: calls go there only while the service is `active`, too.
        """
        rule = self.rule_for(when, media=media)
        return None if rule is None or rule.rule_deactivated or not rule.forward_to else rule.forward_to.target


class Barring(Ruled):
    """Mixed into CommunicationBarring and its view."""

    __slots__ = ()

    def bar(
        self,
        when: BarringCondition = "unconditional",
        *,
        media: str | None = None,
        id: str | None = None,
        activate: bool = False,
    ) -> Rule:
        """Have calls refused.

        The rule with just this condition is changed, and turned on if it is deactivated; if there is none, it is
        added, with an id that is free in the whole document. A rule that allows what this one refuses wins
        (RFC 4745 §10.2), and stays as it is.

        While the service itself is not `active`, no call is refused, whatever its rules say.

        Args:
            when: Which calls.
            media: Only calls with this medium, such as ``audio`` or ``video``; None for all.
            id: The id of a rule that has to be added.
            activate: Whether to turn the service on, too, with all its rules that are; otherwise it stays as it is.

        Returns:
            The rule.

        Raises:
            ValueError: The condition is none of these.
            DuplicateKey: The id is taken.
        """
        kind, name = _chosen(when, _BARRINGS)
        rule = self._ensured(kind, media, id, f"{_PREFIXES.get(self._called(), 'cb')}-{name}")
        rule.allow = False
        if activate:
            self._write().active = True
        return rule

    def unbar(self, when: BarringCondition = "unconditional", *, media: str | None = None) -> bool:
        """Deactivate the rule that `bar` makes.

        Returns:
            Whether it was there and on.
        """
        return self._stopped(self.rule_for(when, media=media))

    def rule_for(self, when: BarringCondition = "unconditional", *, media: str | None = None) -> Rule | None:
        """The rule with just this condition, deactivated or not; None if there is none."""
        return self._fitting(_chosen(when, _BARRINGS)[0], media)

    def bars(self, when: BarringCondition = "unconditional", *, media: str | None = None) -> bool:
        """Whether there is a rule with just this condition that refuses calls, and is on.

        That is the rule's own: it refuses calls only while the service is `active`, too.
        """
        rule = self.rule_for(when, media=media)
        return rule is not None and not rule.rule_deactivated and rule.allow is False


class Restricting(Part):
    """Mixed into IdentityRestriction and its view."""

    __slots__ = ()

    @property
    def default(self) -> DefaultBehaviour | None:
        """Whether the identity is hidden in calls that do not say; None if the document does not say either.

        Takes a `DefaultBehaviour` or its text, "presentation-restricted" or "presentation-not-restricted"; None
        takes it out.
        """
        element, kind = self._read(), load("simservs", "DefaultBehaviour")
        found = None if element is None else element.default_behaviour
        if found == "":  # what the schema says an empty element means
            return kind.PRESENTATION_RESTRICTED
        return found if isinstance(found, kind) else None

    @default.setter
    def default(self, value: DefaultBehaviour | DefaultBehaviourText | None) -> None:
        if value is None:
            element = self._read()
            if element is not None:
                element.default_behaviour = None
            return
        kind = load("simservs", "DefaultBehaviour")
        try:
            chosen = kind(value)
        except ValueError:
            allowed = ", ".join(repr(each.value) for each in kind)
            raise ValueError(f"default is one of {allowed}, not {value!r}") from None
        self._write().default_behaviour = chosen


def _chosen(when: str, known: Mapping[str, tuple[str | None, str]]) -> tuple[str | None, str]:
    if when not in known:
        raise ValueError(f"when is one of {', '.join(map(repr, known))}, not {when!r}; add a rule for other conditions")
    return known[when]


def _attribute(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
