"""When a rule applies (RFC 4745 §7.3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from xsdata.models.datatype import XmlDateTime

if TYPE_CHECKING:
    from collections.abc import Iterable


class Period(NamedTuple):
    """From one moment until, but not including, another.

    Attributes:
        start: The first moment.
        end: The first moment after it.
    """

    start: datetime
    end: datetime


def periods(starts: Iterable[XmlDateTime], ends: Iterable[XmlDateTime]) -> tuple[Period, ...]:
    """Pair up what the schema keeps as two lists."""
    pairs = zip(starts, ends, strict=False)
    return tuple(Period(start.to_datetime(), end.to_datetime()) for start, end in pairs)


def moments(pairs: Iterable[tuple[datetime, datetime]]) -> tuple[list[XmlDateTime], list[XmlDateTime]]:
    """Make periods the two lists that the schema wants.

    Raises:
        ValueError: There is no period, one ends before it starts, or a moment has no time zone.
    """
    starts: list[XmlDateTime] = []
    ends: list[XmlDateTime] = []
    for start, end in pairs:
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError(f"{start} to {end} has no time zone: give one, such as datetime.UTC")
        if end <= start:
            raise ValueError(f"a period that starts {start} cannot end {end}")
        starts.append(XmlDateTime.from_datetime(start))
        ends.append(XmlDateTime.from_datetime(end))
    if not starts:
        raise ValueError("no period: a rule that applies at any time has none of them: set None")
    return starts, ends


class ValidityBehaviour:
    """Mixed into Validity."""

    __slots__ = ()

    if TYPE_CHECKING:
        from_: list[XmlDateTime]
        until: list[XmlDateTime]

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods, in document order.

        Setting them raises ValueError if there is none, if one ends before it starts or has no time zone.
        """
        return periods(self.from_, self.until)

    @periods.setter
    def periods(self, pairs: Iterable[tuple[datetime, datetime]]) -> None:
        self.from_, self.until = moments(pairs)
