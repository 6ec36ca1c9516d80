"""What a cold process takes until its first document is bound."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable

from benchmarks.serving import XUI, server
from benchmarks.timing import Results, Row, Scale, interleaved, milliseconds, ratio

_IMPORTS = (
    "import httpx, lxml.etree, xsdata.formats.dataclass.parsers, xsdata.formats.dataclass.serializers\n"
)
_PROGRAMS = {
    "imports": _IMPORTS,
    "imports and httpx GET": _IMPORTS
    + "with httpx.Client() as http: http.get('{root}/resource-lists/users/{xui}/index')",
    "SDK, GET": "from xcap_sdk import XcapClient\n"
    "with XcapClient('{root}', user='{xui}') as xcap: xcap.resource_lists.get().model.lists['friends']",
}


def run(scale: Scale) -> Results:
    """Measure: CPU seconds of whole processes; the round before the first compiles the byte code."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with server() as root:

        def process(program: str) -> Callable[[], object]:
            command = [sys.executable, "-c", program.format(root=root, xui=XUI)]
            return lambda: subprocess.run(command, check=True, env=environment)

        functions = {name: process(program) for name, program in _PROGRAMS.items()}
        times = interleaved(functions, scale.repeats, _children)
    subject = "import xcap_sdk and first GET bound, cold process"
    return Results(
        [
            Row(
                subject,
                "times as long as importing httpx, lxml and xsdata alone",
                ratio(times, "SDK, GET", "imports"),
                "×",
                1.3,
                "most",
                milliseconds(times),
            ),
            Row(
                subject,
                "times as long as importing those and a GET by httpx",
                ratio(times, "SDK, GET", "imports and httpx GET"),
            ),
        ]
    )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
