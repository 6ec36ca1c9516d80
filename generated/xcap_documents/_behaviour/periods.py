"""When a rule applies (RFC 4745 §7.4)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from xsdata.models.datatype import XmlDateTime

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOMENT = re.compile(
    r"(-?[0-9]{4,}-[0-9]{2}-[0-9]{2})T([0-9]{2})(:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_SHOWN = 60
_RAW = "The lists from_ and until of the validity have what the document says."


class Period(NamedTuple):
    """From one moment until, but not including, another.

    Attributes:
        start: The first moment.
        end: The first moment after it.
    """

    start: datetime
    end: datetime


def periods(starts: Iterable[XmlDateTime], ends: Iterable[XmlDateTime]) -> tuple[Period, ...]:
    """Pair up what the schema keeps as two lists.

    Raises:
        ValueError: One of them is no moment that a datetime can hold.
    """
    pairs = enumerate(zip(starts, ends, strict=False))
    return tuple(
        Period(moment(start, f"validity.from_[{number}]", _RAW), moment(end, f"validity.until[{number}]", _RAW))
        for number, (start, end) in pairs
    )


def moment(value: object, place: str, raw: str) -> datetime:
    """A moment of a document: xs:dateTime, or text where it is none.

    Beyond what datetime itself reads, 24:00:00 is the start of the next day, and of a second's fraction
    six digits count.

    Args:
        value: What the document says.
        place: Where, for the error.
        raw: Where to find what the document says, for the error.

    Raises:
        ValueError: It is no moment that a datetime can hold.
    """
    text = str(value).strip(" \t\r\n")
    found = _MOMENT.fullmatch(text)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    refused = f"{place} is {shown!r}, which no datetime can hold"
    if found is None:
        raise ValueError(f"{refused}: expected a date and time such as 2026-01-31T09:00:00Z. {raw}")
    try:
        day, hour, rest, fraction, zone = found.groups("")
        ends_the_day = hour == "24" and not (rest + fraction).strip(":.0")
        time = "00:00:00" if ends_the_day else f"{hour}{rest}{fraction[:7]}"
        found_moment = datetime.fromisoformat(f"{day}T{time}{zone}")
        return found_moment + timedelta(days=1) if ends_the_day else found_moment
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{refused}: {error!s:.100}. {raw}") from None


def stamp(value: datetime) -> XmlDateTime:
    """A moment as a document has it.

    Raises:
        TypeError: It is no datetime.
        ValueError: It has no time zone.
    """
    if not isinstance(value, datetime):  # pyright: ignore[reportUnnecessaryIsInstance] - from untyped code
        raise TypeError(f"a datetime with a time zone is needed, not {value!r}")
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone: give one, such as datetime.UTC")
    return XmlDateTime.from_datetime(value)


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

        Reading them raises ValueError if a moment is none that a datetime can hold, such as one in the year
        10000; `from_` and `until` have it as it is. Setting them raises ValueError if there is none, if one ends
        before it starts or has no time zone.
        """
        return periods(self.from_, self.until)

    @periods.setter
    def periods(self, pairs: Iterable[tuple[datetime, datetime]]) -> None:
        self.from_, self.until = moments(pairs)
