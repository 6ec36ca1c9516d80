"""docs/server-attacks.md: the attacks that the tests run, and what each is answered with."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from attack_requests import Attack
from server_attacks import ATTACKS

DOCUMENT = Path(__file__).parents[2] / "docs" / "server-attacks.md"

_INTRODUCTION = """# The embedded server under attack

{count} hostile requests, sent over real sockets by `tests/server/test_server_attacks.py` to a server with two users, with
the right credentials of one of them unless it says otherwise, and what comes back. After each of them the other user's
document is untouched and was not shown, nothing was answered or logged with a traceback, and the next request is
served as ever. `make attacks` writes this page.

What stops them is in [server.md](server.md). Statuses by RFC 9110, RFC 6585 (431) and RFC 4825 (409: a conflict report).
"""


def table() -> str:
    """The page."""
    parts = [_INTRODUCTION.format(count=len(ATTACKS))]
    for group, attacks in groupby(ATTACKS, lambda attack: attack.group):
        rows = [f"| {_cell(attack.what)} | {_answers(attack)} |\n" for attack in attacks]
        parts.append(f"\n## {group}: {len(rows)}\n\n| What is sent | Answer |\n|---|---|\n{''.join(rows)}")
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _answers(attack: Attack) -> str:
    if not attack.answers:
        return "closed"
    if len(attack.answers) > 3:
        return f"{len(attack.answers)} times {attack.answers[0]}"
    return ", ".join(map(str, attack.answers))
