"""What lists and their entries are used for, which OMA writes into them as extensions (OMA XDM, PoC XDM)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .elements import AppUsagesContent, UriUsagesContent
from .wildcards import load

if TYPE_CHECKING:
    from xcap_documents.poc_usage import PocGroup

    from .enum_texts import PocGroupText


class EntryUsage:
    """Mixed into Entry."""

    __slots__ = ()

    uri_usages: UriUsagesContent = UriUsagesContent("extensions", "oma_uriusage", "UriUsages")
    """What the URI is used for, all of it; takes `UriUsages`, or None."""

    @property
    def poc_usage(self) -> PocGroup | None:
        """Which kind of push-to-talk group the URI is that of; None if it does not say.

        Takes a `PocGroup` or its text, "chat" or "prearranged"; None takes it away. Other uses stay.
        """
        found = self._poc_usages()
        return found[0].value if found and isinstance(found[0].value, load("poc_usage", "PocGroup")) else None

    @poc_usage.setter
    def poc_usage(self, value: PocGroup | PocGroupText | None) -> None:
        kinds = load("poc_usage", "PocGroup")
        try:
            chosen = None if value is None else kinds(value)
        except ValueError:
            allowed = " or ".join(repr(each.value) for each in kinds)
            raise ValueError(f"poc_usage is {allowed}, not {value!r}") from None
        uses, found = self.uri_usages, self._poc_usages()
        if chosen is None:
            if uses is not None and found:
                uses.items[:] = [use for use in uses.items if not isinstance(use, load("poc_usage", "PocUsage"))]
                if not uses.items:
                    self.uri_usages = None
        elif found:
            found[0].value = chosen
        else:
            if uses is None:
                self.uri_usages = uses = load("oma_uriusage", "UriUsages")()
            uses.items.append(load("poc_usage", "PocUsage")(value=chosen))

    @poc_usage.deleter
    def poc_usage(self) -> None:
        self.poc_usage = None

    def _poc_usages(self) -> list[Any]:
        uses = self.uri_usages
        kind = load("poc_usage", "PocUsage")
        return [] if uses is None else [use for use in uses.items if isinstance(use, kind)]


class ListUsage:
    """Mixed into ResourceList."""

    __slots__ = ()

    app_usages: AppUsagesContent = AppUsagesContent("extensions", "oma_appusage", "AppUsages")
    """Which documents use the list, as the server keeps track of it; takes `AppUsages`, or None."""
