"""The names that rich presence has for its values (RFC 4480), as types: an IDE completes them.

The schema has an empty element for each; a test compares them.
"""

from __future__ import annotations

from typing import Literal

Activity = Literal[
    "unknown", "appointment", "away", "breakfast", "busy", "dinner", "holiday", "in-transit",
    "looking-for-work", "meal", "meeting", "on-the-phone", "performance", "permanent-absence", "playing",
    "presentation", "shopping", "sleeping", "spectator", "steering", "travel", "tv", "vacation", "working",
    "worship",
]
Feeling = Literal[
    "unknown", "afraid", "amazed", "angry", "annoyed", "anxious", "ashamed", "bored", "brave", "calm",
    "cold", "confused", "contented", "cranky", "curious", "depressed", "disappointed", "disgusted",
    "distracted", "embarrassed", "excited", "flirtatious", "frustrated", "grumpy", "guilty", "happy", "hot",
    "humbled", "humiliated", "hungry", "hurt", "impressed", "in_awe", "in_love", "indignant", "interested",
    "invincible", "jealous", "lonely", "mean", "moody", "nervous", "neutral", "offended", "playful",
    "proud", "relieved", "remorseful", "restless", "sad", "sarcastic", "serious", "shocked", "shy", "sick",
    "sleepy", "stressed", "surprised", "thirsty", "worried",
]

# RFC 4589 section 3; its `other` is the text beside them.
Place = Literal[
    "aircraft", "airport", "arena", "automobile", "bank", "bar", "bicycle", "bus", "bus-station", "cafe",
    "classroom", "club", "construction", "convention-center", "government", "hospital", "hotel",
    "industrial", "library", "motorcycle", "office", "outdoors", "parking", "place-of-worship", "prison",
    "public", "public-transport", "residence", "restaurant", "school", "shopping-area", "stadium", "store",
    "street", "theater", "train", "train-station", "truck", "underway", "unknown", "warehouse", "water",
    "watercraft",
]

Medium = Literal[
    "unknown", "audio", "text", "video",
]
Relation = Literal[
    "assistant", "associate", "family", "friend", "other", "self", "supervisor", "unknown",
]
Delivery = Literal[
    "courier", "electronic", "freight", "in-person", "postal", "unknown",
]
Role = Literal[
    "home", "work", "unknown",
]
Sounds = Literal[
    "noisy", "ok", "quiet", "unknown",
]
Light = Literal[
    "toobright", "ok", "dark", "unknown",
]
Typing = Literal[
    "uncomfortable", "inappropriate", "ok", "unknown",
]
