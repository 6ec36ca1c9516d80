"""Measures any XCAP server against RFC 4825, in scratch documents that it removes.

    from xcap_sdk.probe import probe

    report = probe("https://xcap.example.org/xcap-root", user="sip:alice@example.org")
    print(report.text())
    client = XcapClient(…, profile=report.profile)

The checks are tables in `xcap_sdk.probe.checks`, a module for each part of the standard.
"""

from __future__ import annotations

from xcap_sdk.probe.checks import PARTS
from xcap_sdk.probe.judging import Check, Level, Part, Verdict
from xcap_sdk.probe.lab import ScratchRefused, ScratchTaken
from xcap_sdk.probe.report import Report, Result
from xcap_sdk.probe.running import probe

__all__ = [
    "PARTS",
    "Check",
    "Level",
    "Part",
    "Report",
    "Result",
    "ScratchRefused",
    "ScratchTaken",
    "Verdict",
    "probe",
]
