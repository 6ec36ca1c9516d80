"""The texts of enums, as types: an IDE completes them, and type checkers find what is misspelt.

A test compares them with the enums, which the schemas make.
"""

from __future__ import annotations

from typing import Literal

SubHandlingText = Literal["block", "confirm", "polite-block", "allow"]
UserInputText = Literal["false", "bare", "thresholds", "full"]
GeoprivText = Literal["false", "full"]
MediaHandlingText = Literal["own", "any", "none", "other"]
PocGroupText = Literal["chat", "prearranged"]
CivicDetailText = Literal["none", "country", "region", "city", "building", "full"]
BasicText = Literal["open", "closed"]
ActiveIdleText = Literal["active", "idle"]
DefaultBehaviourText = Literal["presentation-restricted", "presentation-not-restricted"]
