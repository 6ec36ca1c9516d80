"""What errors tell of the places of a document: what is wrong there, and what clashes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a document.

    Attributes:
        place: Where in the model, as one would write it: ``lists["friends"].entries[3].uri``; empty for
            the root.
        rule: The rule's name: ``schema`` for the XSD, else the name of the usage's check.
        message: What is wrong there, in words.
        field: For a uniqueness rule the node that is not unique, as RFC 4825 §11.1 writes it; else None.
    """

    place: str
    rule: str
    message: str
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.place or 'document'}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Clash:
    """One place of a document where both sides changed the same thing differently.

    Attributes:
        place: Where in the model, as one would write it: ``lists["friends"].entries[3].display_name``; where
            it is not in mine any more, it is in theirs. Empty for the root.
        base: What both started from: the text of a value, or XML; None for nothing.
        mine: What I made of it, likewise.
        theirs: What the other side made of it, likewise.
        message: What happened there, in words.
    """

    place: str
    base: str | None
    mine: str | None
    theirs: str | None
    message: str

    def __str__(self) -> str:
        return self.message
