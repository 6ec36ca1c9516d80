"""simservs.ngn.etsi.org (3GPP TS 24.623): the supplementary services of IMS telephony."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_documents.simservs import (
    CommunicationBarring,
    CommunicationDiversion,
    IncomingCommunicationBarring,
    OutgoingCommunicationBarring,
    Simservs,
)
from xcap_sdk.errors import Problem
from xcap_sdk.usages.common_policy import IDENTITIES, POLICY_KEYS, identities
from xcap_sdk.usages.usage import ApplicationUsage, Check

_WITH_RULES = {
    CommunicationDiversion: "diversion",
    IncomingCommunicationBarring: "incoming_barring",
    OutgoingCommunicationBarring: "outgoing_barring",
}


def _identities(document: Simservs) -> Iterator[Problem]:
    for service in document.items:
        if isinstance(service, CommunicationDiversion | CommunicationBarring) and service.ruleset is not None:
            yield from identities(service.ruleset, f"{_WITH_RULES[type(service)]}.")


SIMSERVS = ApplicationUsage(
    auid="simservs.ngn.etsi.org",
    root=Simservs,
    media_type="application/vnd.etsi.simservs+xml",
    document="simservs.xml",
    keys=POLICY_KEYS,
    empty=Simservs,
    checks=(Check("uri", IDENTITIES, _identities),),
)
"""Diversion, barring, presentation and restriction of identities, waiting (TS 24.604 to TS 24.615).

No rule of its own beyond the schema is known for sure enough to refuse a document for.
"""
