"""The checks, part by part."""

from __future__ import annotations

from typing import Final

from xcap_sdk.probe.checks.attributes import ATTRIBUTES
from xcap_sdk.probe.checks.conditions import CONDITIONS
from xcap_sdk.probe.checks.documents import DOCUMENTS
from xcap_sdk.probe.checks.elements import ELEMENTS
from xcap_sdk.probe.checks.namespaces import NAMESPACES
from xcap_sdk.probe.checks.refusals import REFUSALS
from xcap_sdk.probe.checks.selectors import SELECTORS
from xcap_sdk.probe.checks.usages import USAGES
from xcap_sdk.probe.judging import Part

PARTS: Final[tuple[Part, ...]] = (
    DOCUMENTS,
    REFUSALS,
    CONDITIONS,
    ELEMENTS,
    SELECTORS,
    ATTRIBUTES,
    USAGES,
    NAMESPACES,
)
"""All parts."""
