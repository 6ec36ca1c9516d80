"""The probe's tables of the embedded server and of Kamailio. `make probe` writes them to docs/."""

from __future__ import annotations

import re
from pathlib import Path

from kamailio import missing, running_kamailio

from xcap_sdk.probe import Report, probe
from xcap_sdk.server import running_server

ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / "docs" / "probe-embedded.md"
KAMAILIO = ROOT / "docs" / "probe-kamailio.md"

PAGE = """\
# {name}, measured

Written by `make probe`, which runs `xcap probe` with Digest credentials; [servers.md](servers.md) says how to measure
yours. {note}

{table}
"""
NOTE = "A test fails where this page is not current."
NOTE_KAMAILIO = "{server}, as `tests/servers/kamailio.cfg` configures it."


def measured_embedded() -> Report:
    with running_server(users={"alice": "secret"}) as root:
        return probe(root, user="sip:alice@example.org", auth=("alice", "secret"))


def measured_kamailio() -> Report:
    with running_kamailio("secret") as root:
        return probe(root, user="sip:alice@example.org", auth=("alice", "secret"), timeout=5)


def embedded_page(report: Report) -> str:
    return PAGE.format(name="The embedded server", note=NOTE, table=report.markdown())


def kamailio_page(report: Report) -> str:
    server = f"Kamailio {version(report)}"
    return PAGE.format(name="Kamailio", note=NOTE_KAMAILIO.format(server=server), table=report.markdown())


def version(report: Report) -> str:
    """Kamailio's version, without the machine that it was built for."""
    found = re.search(r"\d+(?:\.\d+)+", report.server)
    return found[0] if found else ""


if __name__ == "__main__":
    EMBEDDED.write_text(embedded_page(measured_embedded()), encoding="utf-8")
    if why := missing():
        print(f"{KAMAILIO.name} stays as it is: {why}")
    else:
        KAMAILIO.write_text(kamailio_page(measured_kamailio()), encoding="utf-8")
