"""What a user's strictly checked code sees of pictures where Pillow is not installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
from pathlib import Path
from typing import BinaryIO

from PIL.Image import Image
from xcap_documents.oma_pres_content import StatusIcon
from xcap_sdk import AsyncXcapClient, XcapClient


async def upload(xcap: XcapClient, later: AsyncXcapClient, file: BinaryIO) -> bytes:
    for data in (Path("me.png"), "me.png", b"", bytearray(), memoryview(b""), file):
        xcap.status_icon.upload(data, max_side=96)
        await later.status_icon.upload(data)
    return StatusIcon.fit(StatusIcon.from_bytes(b"").decode(), max_bytes=1000)


def wrong(xcap: XcapClient, unknown: Image) -> None:
    xcap.status_icon.upload(3)
"""


def test_types_are_known_without_pillow(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(CODE)
    for module in ("__init__", "Image"):  # they hide the real one, and have nothing
        hidden = tmp_path / "hidden" / "PIL" / f"{module}.pyi"
        hidden.parent.mkdir(parents=True, exist_ok=True)
        hidden.touch()
    settings = {
        "include": ["code.py"],
        "stubPath": "hidden",
        "extraPaths": [str(ROOT), str(ROOT / "generated")],
        "typeCheckingMode": "strict",
        "reportMissingTypeStubs": False,
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "basedpyright",
            "--project",
            tmp_path,
            "--pythonpath",
            sys.executable,
            "--outputjson",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = CODE.splitlines()
    found = [
        (lines[int(each["range"]["start"]["line"])].strip(), each["rule"])
        for each in json.loads(ran.stdout)["generalDiagnostics"]
    ]
    assert found == [
        ("from PIL.Image import Image", "reportAttributeAccessIssue"),
        ("from PIL.Image import Image", "reportUnknownVariableType"),
        ("def wrong(xcap: XcapClient, unknown: Image) -> None:", "reportUnknownParameterType"),
        ("xcap.status_icon.upload(3)", "reportArgumentType"),
    ], ran.stdout
