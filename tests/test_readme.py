"""Every Python block of the README runs, in order, against the embedded server."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from readme import README, TYPED, blocks, program
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import serialize
from xcap_sdk.cli.demo import picture
from xcap_sdk.server import running_server

ROOT_IN_README = "http://127.0.0.1:8080/xcap-root"


def test_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(blocks()) >= 12
    monkeypatch.chdir(tmp_path)
    (tmp_path / "me.png").write_bytes(picture())
    (tmp_path / "friends.xml").write_bytes(serialize(ResourceLists()))
    module = ModuleType("readme")  # dataclasses look up their annotations in their module
    monkeypatch.setitem(sys.modules, "readme", module)
    with running_server(users={"alice": "secret", "bob": "secret"}) as root:
        for line, code in blocks():
            source = "\n" * (line - 1) + code.replace(ROOT_IN_README, root)
            exec(compile(source, str(README), "exec"), vars(module))  # the README's own code
    assert (tmp_path / "alice.png").read_bytes() == picture()


def test_the_type_checker_sees_the_same_blocks() -> None:
    assert TYPED.read_text(encoding="utf-8") == program(), "run `make readme`"
