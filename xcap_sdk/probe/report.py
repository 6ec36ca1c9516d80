"""What a probe found: a table, a score, and a profile that the client can go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from xcap_sdk.probe.judging import Check, Verdict
from xcap_sdk.protocol.profiles import Ability, ServerProfile, recognized
from xcap_sdk.protocol.wording import plain


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found.

    Attributes:
        part: What part of the standard it is about.
        check: The check.
        verdict: What it found.
        seen: What was seen instead, or why nothing was; empty where the server is conformant.
        harms: Whether the danger that the check is came true.
    """

    part: str
    check: Check
    verdict: Verdict
    seen: str = ""
    harms: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a probe found.

    Attributes:
        root: The server's XCAP root URI.
        server: What it calls itself; empty if it does not.
        results: What each check found, in order.
        left: The URIs of what the probe wrote and could not remove.
    """

    root: str
    server: str
    results: tuple[Result, ...]
    left: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Verdict, int]:
        """How often each verdict was found."""
        counted = Counter(result.verdict for result in self.results)
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def measured(self) -> int:
        """How many checks say yes or no."""
        return self.counts[Verdict.CONFORMANT] + self.counts[Verdict.DEVIATES]

    @property
    def score(self) -> float:
        """The part of the checks that say yes or no that say yes; 0 if none does."""
        return self.counts[Verdict.CONFORMANT] / self.measured if self.measured else 0.0

    @property
    def profile(self) -> ServerProfile:
        """What is known of the server now.

        It starts from what is known of servers that call themselves so, and what was measured counts before
        it. Whether two writes at the same time can both get through is not measured.
        """
        base = recognized(self.server)
        right, wrong = self._abilities(Verdict.CONFORMANT), self._abilities(Verdict.DEVIATES)
        dangers = set(base.dangers)
        for result in self.results:
            if result.check.danger is not None and result.verdict in {Verdict.CONFORMANT, Verdict.DEVIATES}:
                (dangers.add if result.harms else dangers.discard)(result.check.danger)
        known = base.knowing(right=right - wrong - self._abilities(Verdict.NOT_MEASURED), wrong=wrong)
        return replace(known, name=self.server or self.root, servers=(), dangers=frozenset(dangers))

    def _abilities(self, verdict: Verdict) -> frozenset[Ability]:
        found = (result.check.abilities for result in self.results if result.verdict is verdict)
        return frozenset(ability for abilities in found for ability in abilities)

    def text(self) -> str:
        """The table for a terminal."""
        return "\n".join([*self._head(), "", *self._lines(), *self._left()])

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"{self.summary()}.", ""]
        lines += ["| § | | What is wanted | Verdict | Seen |", "|---|---|---|---|---|"]
        part = ""
        for result in self.results:
            if result.part != part:
                part = result.part
                lines.append(f"| | | **{part}** | | |")
            check, seen = result.check, result.seen.replace("|", "\\|")
            mark = f"**{result.verdict}**" if result.verdict is Verdict.DEVIATES else result.verdict
            lines.append(f"| {check.section} | {check.level} | {_escaped(check.title)} | {mark} | {seen} |")
        return "\n".join([*lines, *self._left()])

    def json(self) -> dict[str, Any]:
        """The report as what JSON can hold."""
        return {
            "root": self.root,
            "server": self.server,
            "score": round(self.score, 4),
            "measured": self.measured,
            "counts": {verdict.value: count for verdict, count in self.counts.items()},
            "left": list(self.left),
            "results": [
                {
                    "part": result.part,
                    "check": result.check.name,
                    "section": result.check.section,
                    "level": result.check.level.value,
                    "title": result.check.title,
                    "verdict": result.verdict.value,
                    "seen": result.seen,
                }
                for result in self.results
            ],
        }

    def summary(self) -> str:
        """The score in a line."""
        counts = self.counts
        others = [
            f"{counts[verdict]} {verdict}"
            for verdict in (Verdict.NOT_SUPPORTED, Verdict.NOT_MEASURED)
            if counts[verdict]
        ]
        text = f"{counts[Verdict.CONFORMANT]} of {self.measured} measured are conformant ({self.score:.0%})"
        return "; ".join([text, *others])

    def _head(self) -> Iterator[str]:
        yield f"{self.root}, {plain(self.server) or 'which does not say what it is'}"
        yield self.summary()

    def _lines(self) -> Iterator[str]:
        part = ""
        for result in self.results:
            if result.part != part:
                part = result.part
                yield part
            mark = _MARKS[result.verdict]
            seen = f": {result.verdict}: {result.seen}" if result.verdict is not Verdict.CONFORMANT else ""
            yield f"  {mark} {result.check.section:<6} {result.check.level:<6} {result.check.title}{seen}"

    def _left(self) -> Iterator[str]:
        if self.left:
            yield ""
            yield "Could not be removed, please remove by hand:"
            yield from self.left


_MARKS = {
    Verdict.CONFORMANT: "✓",
    Verdict.DEVIATES: "✗",
    Verdict.NOT_SUPPORTED: "-",
    Verdict.NOT_MEASURED: "?",
}


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")
