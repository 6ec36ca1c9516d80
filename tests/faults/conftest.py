"""Pauses between tries are short here, as hundreds of servers fail."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xcap_sdk.flows.conversation.FIRST_WAIT", 0.002)
    monkeypatch.setattr("xcap_sdk.flows.pauses.FIRST_PAUSE", 0.0002)
    monkeypatch.setattr("xcap_sdk.flows.pauses.LONGEST_PAUSE", 0.002)
