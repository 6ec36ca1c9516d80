"""Rules that look beyond a document: at the place that it is in, and at what else a server has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from xcap_sdk.errors import Problem
from xcap_sdk.protocol.documents import DocumentAddress


@dataclass(frozen=True, slots=True)
class PlacedCheck:
    """A rule about a document and the place that it is in, such as that it names its own user.

    Attributes:
        name: As for a `Check`.
        section: As for a `Check`.
        function: Gives the problems of a model at an address, in document order; none if it keeps the rule.
    """

    name: str
    section: str
    function: Callable[[Any, DocumentAddress], Iterable[Problem]]

    def __call__(self, model: object, address: DocumentAddress | None = None) -> Iterable[Problem]:
        """The problems of a model; none where it is not known what place it is in."""
        return () if address is None else self.function(model, address)


@dataclass(frozen=True, slots=True)
class Unique:
    """Values that no two documents of a usage may share on a whole server; only the server can see to it.

    Attributes:
        field: The node that has the value, as conflict reports name it: ``rls-services/service/@uri``.
        section: Where the rule is written.
        values: Gives the values of a model.
        per_tree: Whether the users' documents and those of the global tree are apart: where the global tree
            shows what users have, it repeats their values.
    """

    field: str
    section: str
    values: Callable[[Any], Iterable[str]]
    per_tree: bool = False
