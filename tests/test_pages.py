"""Every Python block of the README and of the pages in docs/usages runs, in order, against the embedded server."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from pages import PAGES, ROOT, blocks, program, typed
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import XcapClient, serialize
from xcap_sdk.cli.demo import picture
from xcap_sdk.server import running_server

ROOT_IN_PAGES = "http://127.0.0.1:8080/xcap-root"
XSD = ROOT / "examples" / "own" / "bookmarks.xsd"
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert blocks(page)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "me.png").write_bytes(picture())
    (tmp_path / "friends.xml").write_bytes(serialize(ResourceLists()))
    (tmp_path / "bookmarks.xsd").write_text(XSD.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(ROOT / "examples"))  # as if the classes had been made here
    module = ModuleType("page")  # dataclasses look up their annotations in their module
    monkeypatch.setitem(sys.modules, "page", module)
    with running_server(users={"alice": "secret", "bob": "secret"}) as root:
        try:
            for line, code in blocks(page):
                source = "\n" * (line - 1) + code.replace(ROOT_IN_PAGES, root)
                exec(compile(source, str(page), "exec"), vars(module))  # the page's own code
        finally:  # a page that fails is not to warn of open sockets as well
            for client in (value for value in vars(module).values() if isinstance(value, XcapClient)):
                client.close()
    if page == PAGES[0]:
        assert (tmp_path / "alice.png").read_bytes() == picture()


@pytest.mark.parametrize("page", PAGES[1:], ids=NAMES[1:])
def test_a_page_says_which_server_it_means(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if ROOT_IN_PAGES in text.partition("```python")[2]:
        assert "README.md#tutorial)" in text.partition("```python")[0]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_the_type_checker_sees_the_same_blocks(page: Path) -> None:
    assert typed(page).read_text(encoding="utf-8") == program(page), "run `make pages`"


@pytest.mark.parametrize("page", [PAGES[0], ROOT / "docs" / "usages" / "own.md"], ids=["README", "own"])
def test_a_usage_of_ones_own_takes_less_than_twenty_lines(page: Path) -> None:
    found = [code for _, code in blocks(page) if "ApplicationUsage(" in code]
    lengths = [sum(bool(line.strip()) for line in code.splitlines()) for code in found]
    assert lengths[0] < 20


def test_the_page_shows_the_schema_of_the_example() -> None:
    page = (ROOT / "docs" / "usages" / "own.md").read_text(encoding="utf-8")
    assert f"```xml\n{XSD.read_text(encoding='utf-8')}```" in page
