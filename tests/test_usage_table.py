"""The table of application usages is current and complete, and so is the short one of the README."""

from __future__ import annotations

from usage_table import DOCUMENT, OTHERS, ROOT, page, properties, table
from xcap_sdk.usages import ALL

PAGES = {path.stem for path in (ROOT / "docs" / "usages").glob("*.md")}


def test_the_table_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "run `make usages`"


def test_every_usage_has_a_property_and_a_page() -> None:
    names = properties()
    assert names.keys() == {usage.auid for usage in ALL}
    assert {page(name) for name in names.values()} == PAGES - OTHERS


def test_every_rule_is_on_the_page_of_its_usage() -> None:
    names = properties()
    for usage in ALL:
        text = (ROOT / "docs" / "usages" / f"{page(names[usage.auid])}.md").read_text(encoding="utf-8")
        assert [check.name for check in usage.checks if f"`{check.name}`" not in text] == []


def test_the_readme_has_every_usage() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in properties().values():
        [row] = [line for line in text.splitlines() if line.startswith("|") and f"`{name}`" in line]
        assert f"](docs/usages/{page(name)}.md)" in row
