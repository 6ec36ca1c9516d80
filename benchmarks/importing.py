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
_GET = "with httpx.Client() as http: http.get('{root}/resource-lists/users/{xui}/index')\n"
_SDK = (
    "from xcap_sdk import XcapClient\n"
    "with XcapClient('{root}', user='{xui}') as xcap: xcap.resource_lists.get().model.lists['friends']\n"
)
# What httpx imports if it is there, and the SDK needs for its extras only.
_WITHOUT_EXTRAS = "import sys; sys.modules.update(dict.fromkeys(('click', 'h2', 'pygments', 'rich')))\n"
_PROGRAMS = {
    "imports": _IMPORTS,
    "imports and httpx GET": _IMPORTS + _GET,
    "SDK, GET": _SDK,
    "imports without extras": _WITHOUT_EXTRAS + _IMPORTS,
    "SDK, GET without extras": _WITHOUT_EXTRAS + _SDK,
}
_SUBJECT = "import xcap_sdk and first GET bound, cold process"


def run(scale: Scale) -> Results:
    """Measure: CPU seconds of whole processes; the round before the first compiles the byte code."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with server() as root:

        def process(program: str) -> Callable[[], object]:
            command = [sys.executable, "-c", program.format(root=root, xui=XUI)]
            return lambda: subprocess.run(command, check=True, env=environment)

        functions = {name: process(program) for name, program in _PROGRAMS.items()}
        times = interleaved(functions, scale.repeats, _children)
    alone = "times as long as importing httpx, lxml and xsdata alone"
    without = ratio(times, "SDK, GET without extras", "imports without extras")
    with_get = ratio(times, "SDK, GET", "imports and httpx GET")
    value = ratio(times, "SDK, GET", "imports")
    return Results(
        [
            Row(_SUBJECT, alone, value, "×", 1.3, "most", milliseconds(times)),
            Row(_SUBJECT, f"{alone}, as installed without extras", without),
            Row(_SUBJECT, "times as long as importing those and a GET by httpx", with_get),
        ]
    )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
