"""Names for people: the display name of lists, entries and references (RFC 4826 §3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xcap_documents.resource_lists import DisplayName


class Labelled:
    """A class with a field ``display_name``."""

    __slots__ = ()

    if TYPE_CHECKING:
        display_name: DisplayName | None

    @property
    def label(self) -> str | None:
        """The text of the display name; None if there is none.

        Setting it keeps the language that the name has. Setting None, or deleting it, takes the name away.
        """
        return None if self.display_name is None else self.display_name.value

    @label.setter
    def label(self, text: str | None) -> None:
        if text is None:
            self.display_name = None
        elif self.display_name is None:
            self.display_name = named(text)
        else:
            self.display_name.value = text

    @label.deleter
    def label(self) -> None:
        self.display_name = None


def named(name: str | DisplayName | None) -> DisplayName | None:
    """A display name from what a caller gave: the name itself, its text, or nothing."""
    from xcap_documents.resource_lists import DisplayName

    return DisplayName(value=name) if isinstance(name, str) else name
