"""The check for elements in the wrong namespace, which schemas take for extensions."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_sdk.documents.misnamed import misnamed
from xcap_sdk.errors import Problem
from xcap_sdk.usages.usage import Check


def namespaces(section: str) -> Check:
    """The check for a usage whose documents mix the elements of several namespaces.

    Args:
        section: Where the elements are declared.
    """

    def check(model: object) -> Iterator[Problem]:
        for found in misnamed(model):
            message = (
                f"{found.name} counts for nothing here, although the schema lets it pass as an extension: "
                f"write {found.expected} ({section})"
            )
            yield Problem(found.place, "namespace", message)

    return Check("namespace", section, check)
