"""How long to wait, and how often to try, where others are faster each time."""

from __future__ import annotations

from xcap_sdk.errors import DeadlineExceeded, XcapError
from xcap_sdk.flows.conversation import Flow, Pause, Session

TRIES = 10
"""How often a save or an update is tried if somebody else is faster each time."""

FIRST_PAUSE = 0.05
"""Seconds of the first pause between two tries, at most; each further pause may be twice as long."""

LONGEST_PAUSE = 2.0
"""Seconds of a pause between two tries, at most."""


def back_off(session: Session, number: int, why: XcapError) -> Flow[None]:
    """Pause after a number of failed tries, from 1: exponential, with full jitter.

    Raises:
        XcapError: ``why``, as there is no time left for another try.
    """
    try:
        yield Pause(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (number - 1)) * session.jitter())
    except DeadlineExceeded as error:
        raise why from error
