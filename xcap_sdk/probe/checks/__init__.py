"""The checks, part by part in the order of RFC 4825."""

from __future__ import annotations

from xcap_sdk.probe.checks import conditions, documents, elements
from xcap_sdk.probe.judging import Part

PARTS: tuple[Part, ...] = (documents.DOCUMENTS, elements.ELEMENTS, conditions.CONDITIONS)
"""All parts."""
