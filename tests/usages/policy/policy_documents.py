"""Presence rules for the tests."""

from __future__ import annotations

import datetime as dt

from xcap_documents.common_policy import Ruleset
from xcap_sdk import parse

NAMESPACES = (
    'xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:pr="urn:ietf:params:xml:ns:pres-rules" '
    'xmlns:opr="urn:oma:xml:prs:pres-rules" xmlns:ocp="urn:oma:xml:xdm:common-policy" xmlns:f="urn:foreign"'
)
NOON = dt.datetime(2030, 6, 1, 12, tzinfo=dt.UTC)

ALICE, BOB, CAROL, MALLORY = (
    f"sip:{name}"
    for name in ("alice@example.org", "bob@example.org", "carol@example.com", "mallory@example.net")
)


def ruleset(*rules: str) -> Ruleset:
    """A policy of rules written out."""
    return parse(f"<ruleset {NAMESPACES}>{''.join(rules)}</ruleset>", Ruleset)


def rule(
    conditions: str = "", handling: str | None = "allow", transformations: str = "", name: str = "a"
) -> str:
    """One rule, written out."""
    action = "" if handling is None else f"<pr:sub-handling>{handling}</pr:sub-handling>"
    shown = f"<transformations>{transformations}</transformations>" if transformations else ""
    return f'<rule id="{name}"><conditions>{conditions}</conditions><actions>{action}</actions>{shown}</rule>'


def one(*uris: str) -> str:
    """An identity of single users."""
    return "<identity>" + "".join(f'<one id="{uri}"/>' for uri in uris) + "</identity>"


def on_list(*anchors: str) -> str:
    """OMA's condition for those on a list."""
    entries = "".join(f'<ocp:entry anc="{anchor}"/>' for anchor in anchors)
    return f"<ocp:external-list>{entries}</ocp:external-list>"
