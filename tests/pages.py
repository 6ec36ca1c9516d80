"""The Python blocks of the README, of some pages in docs and of all in docs/usages, each page one program.

`make pages` writes them into tests/typing for the type checker.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    DOCS / "json.md",
    DOCS / "reading.md",
    DOCS / "server.md",
    DOCS / "servers.md",
    DOCS / "transport.md",
    DOCS / "security.md",
    *sorted((DOCS / "usages").glob("*.md")),
]


def typed(page: Path) -> Path:
    """Where a page's program is for the type checker."""
    name = re.sub(r"\W", "_", page.stem.lower())
    usage = "usage_" if page.parent.name == "usages" else ""
    return ROOT / "tests" / "typing" / f"{usage}{name}_blocks.py"


def blocks(page: Path) -> list[tuple[int, str]]:
    """The line that each block starts at, and its code."""
    text = page.read_text(encoding="utf-8")
    return [
        (text[: match.start()].count("\n") + 2, match[1])
        for match in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    ]


def program(page: Path) -> str:
    """All blocks behind each other, for the type checker."""
    name = page.relative_to(ROOT).as_posix()
    header = (
        f'"""The Python blocks of {name}, written by `make pages` for the type checker; never imported."""\n'
    )
    quiet = "# pyright: reportUnusedExpression=false, reportDuplicateImport=false\n"
    return "\n".join([header + quiet, *(f"# {name}, line {line}\n{code}" for line, code in blocks(page))])


if __name__ == "__main__":
    for each in PAGES:
        typed(each).write_text(program(each), encoding="utf-8")
