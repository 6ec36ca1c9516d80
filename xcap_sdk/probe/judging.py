"""What a check is, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn, Protocol

from xcap_sdk.documents.reports import parse_fault
from xcap_sdk.protocol.faults import FaultKind
from xcap_sdk.protocol.messages import XCAP_ERROR, Response
from xcap_sdk.protocol.profiles import Ability, Danger

if TYPE_CHECKING:
    from xcap_sdk.probe.lab import Lab


class Level(StrEnum):
    """How much RFC 4825 wants it (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Verdict(StrEnum):
    """What a check found."""

    CONFORMANT = "conformant"
    DEVIATES = "deviates"
    NOT_SUPPORTED = "not supported"
    NOT_MEASURED = "not measured"


class Found(Exception):
    """Ends a check that found something else than what the standard says.

    Attributes:
        verdict: What it means.
        seen: What was seen, in a few words that are the same at each run.
        harms: Whether the danger that the check is came true.
    """

    def __init__(self, verdict: Verdict, seen: str, *, harms: bool = False) -> None:
        super().__init__(seen)
        self.harms = harms
        self.verdict = verdict
        self.seen = seen


class Procedure(Protocol):
    """What a check does: it returns if the server is conformant, and raises `Found` if not."""

    __name__: str

    def __call__(self, lab: Lab, /) -> None:
        """Carry it out."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the standard says of servers, and how to see whether it holds.

    Attributes:
        name: A short name, for files and tests.
        section: The section of RFC 4825.
        level: How much it is wanted.
        title: What it says.
        abilities: What is right in the server's profile if this and all other checks of it are conformant,
            and wrong if one deviates.
        danger: A danger that it is; it is sent only if asked for, or to servers that are known to stand it.
        procedure: What it does.
    """

    name: str
    section: str
    level: Level
    title: str
    abilities: tuple[Ability, ...]
    danger: Danger | None
    procedure: Procedure = field(repr=False)


class Part:
    """The checks of one part of the standard, in order.

    Args:
        title: What they are about.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.checks: list[Check] = []

    def check(
        self, section: str, level: Level, *abilities: Ability, danger: Danger | None = None
    ) -> Callable[[Procedure], Procedure]:
        """Enter a function as a check; its name is the check's, and its docstring is the title.

        Args:
            section: The section of RFC 4825.
            level: How much it is wanted.
            *abilities: What a profile says of it.
            danger: A danger that it is.
        """

        def enter(procedure: Procedure) -> Procedure:
            name = procedure.__name__.replace("_", "-")
            title = (procedure.__doc__ or name).rstrip(".")
            self.checks.append(Check(name, section, level, title, abilities, danger, procedure))
            return procedure

        return enter


def deviates(seen: str, *, harms: bool = False) -> NoReturn:
    """End a check: the server does it otherwise, and that may harm."""
    raise Found(Verdict.DEVIATES, seen, harms=harms)


def not_measured(why: str) -> NoReturn:
    """End a check: it could not be seen."""
    raise Found(Verdict.NOT_MEASURED, why)


def not_supported(seen: str) -> NoReturn:
    """End a check: the server does not have what it need not have."""
    raise Found(Verdict.NOT_SUPPORTED, seen)


def expect(holds: bool, seen: str) -> None:
    """See that something holds; otherwise say what was seen."""
    if not holds:
        deviates(seen)


def expect_status(response: Response, *statuses: int) -> None:
    """See that a reply has one of some statuses."""
    expect(response.status in statuses, str(response.status))


def expect_success(response: Response) -> None:
    """See that a reply is a success, whichever."""
    expect(response.status in {200, 201, 204}, str(response.status))


def expect_fault(response: Response, *kinds: FaultKind) -> None:
    """See that a reply is a 409 with a conflict report of one of some kinds (§11)."""
    expect_status(response, 409)
    fault = parse_fault(response.body)
    if fault is None:
        deviates("409 without a conflict report")
    expect(fault.kind in kinds, f"409 {fault.kind}")
    expect(response.media_type == XCAP_ERROR, f"409 {fault.kind} as {response.media_type or 'no type'}")
