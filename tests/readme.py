"""The Python blocks of the README, as one program: `make readme` writes tests/typing/readme_blocks.py for the type checker."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
TYPED = Path(__file__).parent / "typing" / "readme_blocks.py"


def blocks() -> list[tuple[int, str]]:
    """The line that each block starts at, and its code."""
    text = README.read_text(encoding="utf-8")
    return [
        (text[: match.start()].count("\n") + 2, match[1])
        for match in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    ]


def program() -> str:
    """All blocks behind each other, for the type checker."""
    header = (
        '"""The README\'s Python blocks, written by `make readme` for the type checker; never imported."""\n'
    )
    quiet = "# pyright: reportUnusedExpression=false, reportDuplicateImport=false\n"
    return "\n".join([header + quiet, *(f"# README.md, line {line}\n{code}" for line, code in blocks())])


if __name__ == "__main__":
    TYPED.write_text(program(), encoding="utf-8")
