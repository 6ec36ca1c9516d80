"""What rules of supplementary services can say: the conditions and actions of TS 24.604 and TS 24.611."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .permissions import Number, Permission, Presence, Text
from .wildcards import contents, drop, find, load, put

if TYPE_CHECKING:
    from xcap_documents.simservs import ForwardTo

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


class ServiceRule:
    """Mixed into Rule: what it says where it is a rule of a supplementary service."""

    __slots__ = ()

    # Conditions.

    rule_deactivated: Presence = Presence("conditions", "simservs", "RuleDeactivated")
    """Whether the rule is kept, but off."""

    anonymous: Presence = Presence("conditions", "simservs", "Anonymous")
    """Whether the rule is for callers that hide who they are."""

    busy: Presence = Presence("conditions", "simservs", "Busy")
    """Whether the rule is for when the user is busy."""

    no_answer: Presence = Presence("conditions", "simservs", "NoAnswer")
    """Whether the rule is for when nobody answers in time."""

    not_reachable: Presence = Presence("conditions", "simservs", "NotReachable")
    """Whether the rule is for when the user cannot be reached, as out of coverage."""

    not_registered: Presence = Presence("conditions", "simservs", "NotRegistered")
    """Whether the rule is for when no device of the user is registered."""

    communication_diverted: Presence = Presence("conditions", "simservs", "CommunicationDiverted")
    """Whether the rule is for calls that were diverted to the user."""

    roaming: Presence = Presence("conditions", "simservs", "Roaming")
    """Whether the rule is for when the user is in another network."""

    international: Presence = Presence("conditions", "simservs", "International")
    """Whether the rule is for calls to other countries."""

    international_ex_hc: Presence = Presence("conditions", "simservs", "InternationalExHc")
    """Whether the rule is for calls to other countries but the user's home country."""

    presence_status: Text = Text("conditions", "simservs", "PresenceStatus")
    """The presence status of the user that the rule is for; None for any."""

    media: Text = Text("conditions", "simservs", "Media")
    """The medium of the calls that the rule is for, such as audio or video; None for any."""

    # Actions.

    allow: Permission = Permission("actions", "simservs", "Allow")
    """Whether the calls are let through (barring)."""

    no_reply_timer: Number = Number("actions", "simservs", "NoReplyTimer")
    """The timer of this rule in seconds, where a server has it here; the standard has it on the diversion."""

    @property
    def forward_to(self) -> ForwardTo | None:
        """Where the calls go (diversion); None if the rule does not say.

        Setting a URI keeps what else the rule says of it; None takes the action out.
        """
        return find(self, "actions", load("simservs", "ForwardTo"))

    @forward_to.setter
    def forward_to(self, value: ForwardTo | str | None) -> None:
        kind = load("simservs", "ForwardTo")
        found = self.forward_to
        if value is None:
            drop(self, "actions", kind)
            return
        checked_target(value)
        if not isinstance(value, str):
            put(self, "actions", value)
        elif found is None:
            put(self, "actions", kind(target=value))
        else:
            found.target = value


def checked_target(target: ForwardTo | str) -> None:
    """See to it that calls can go there.

    Raises:
        ValueError: It is a text that is no URI, such as a bare number.
        TypeError: It is neither a text nor a `ForwardTo`.
    """
    if not isinstance(target, str):
        if not isinstance(target, load("simservs", "ForwardTo")):
            raise TypeError(f"forward_to takes a URI or a ForwardTo, not {target!r}")
        return
    if not _URI.fullmatch(target):
        number = re.sub(r"[\s().\-/]", "", target)
        hint = f"tel:{number}" if re.fullmatch(r"\+?\d+", number) else "sip:user@example.org or tel:+4930123456"
        raise ValueError(f"{target!r} is no URI to forward to: write it as {hint}")


def only_condition(rule: object, kind: str | None, media: str | None) -> bool:
    """Whether a rule has this condition and no other, whether it is deactivated or not.

    Args:
        rule: The rule.
        kind: The name of the condition's class; None for no condition.
        media: The medium that the rule must be for besides; None for any.
    """
    needed = [name for name in (kind, "Media" if media is not None else None) if name]
    found: list[Any] = [find(rule, "conditions", load("simservs", name)) for name in needed]
    if None in found or (media is not None and found[-1].value != media):
        return False
    found.append(find(rule, "conditions", load("simservs", "RuleDeactivated")))
    return all(any(item is each for each in found) for item in contents(rule, "conditions"))
