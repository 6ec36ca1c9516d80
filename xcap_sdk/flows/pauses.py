"""How long to wait, and how often to try, where others are faster each time."""

from __future__ import annotations

from xcap_sdk.errors import Conflicted, DeadlineExceeded, XcapError
from xcap_sdk.flows.conversation import Flow, Pause, Session
from xcap_sdk.flows.telling import asked, status_line

TRIES = 30
"""How often a save or an update is tried if somebody else is faster each time: 24 s of pauses on average."""

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


def given_up(conflict: Conflicted, tries: int) -> Conflicted:
    """The error where somebody else was faster each time.

    Args:
        conflict: What the last try ran into.
        tries: How many there were.
    """
    done = (
        "a reply was lost, so that theirs may hold mine already"
        if conflict.uncertain
        else "mine is not there"
    )
    error = Conflicted(
        f"{asked(conflict.request)} → {status_line(conflict.response)}: somebody else was faster each of "
        f"{tries} times, and {done}; .document is still in hand: save it again when less is going on",
        request=conflict.request,
        response=conflict.response,
        base=conflict.base,
        mine=conflict.mine,
        theirs=conflict.theirs,
        theirs_etag=conflict.theirs_etag,
    )
    error.uncertain = conflict.uncertain
    error.document = conflict.document
    return error
