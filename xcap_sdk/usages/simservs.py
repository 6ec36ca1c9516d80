"""simservs.ngn.etsi.org (3GPP TS 24.623): the supplementary services of IMS telephony."""

from __future__ import annotations

from xcap_documents.simservs import Simservs
from xcap_sdk.usages.pres_rules import POLICY_KEYS
from xcap_sdk.usages.usage import ApplicationUsage

SIMSERVS = ApplicationUsage(
    auid="simservs.ngn.etsi.org",
    root=Simservs,
    media_type="application/vnd.etsi.simservs+xml",
    document="simservs.xml",
    keys=POLICY_KEYS,
    empty=Simservs,
)
"""Diversion, barring, presentation and restriction of identities, waiting (TS 24.604 to TS 24.615).

No rule beyond the schema is known for sure enough to refuse a document for.
"""
