"""The names that OMA and RCS reserve for lists of the default resource-lists document."""

from __future__ import annotations

from enum import StrEnum


class ReservedList(StrEnum):
    """Names of lists with a meaning (OMA-WP-XDM_1_1_Implementation_Guidelines §5.1.1.1; GSMA RCS 1 §4.2.2).

    They are strings: ``book.lists.ensure(ReservedList.BUDDIES)`` is all that it takes. Presence rules refer
    to these lists by their addresses.
    """

    ALL_CONTACTS = "oma_allcontacts"
    """All contacts: refers to all other lists, and no list refers to it."""

    BUDDIES = "oma_buddylist"
    """The contacts whose presence is subscribed to; in RCS it refers to `RCS`."""

    POC_BUDDIES = "oma_pocbuddylist"
    """The contacts for push to talk over cellular."""

    GRANTED_CONTACTS = "oma_grantedcontacts"
    """Who may see the user's presence; in RCS it refers to `RCS`."""

    BLOCKED_CONTACTS = "oma_blockedcontacts"
    """Who may not see the user's presence; in RCS it refers to the blocked and the revoked contacts."""

    RCS = "rcs"
    """The buddies themselves, in RCS: who shares presence with the user, both ways."""

    RCS_BLOCKED_CONTACTS = "rcs_blockedcontacts"
    """Whom the user has blocked for good, in RCS."""

    RCS_REVOKED_CONTACTS = "rcs_revokedcontacts"
    """With whom the user has stopped sharing, in RCS: blocked for a time, by the client itself."""
