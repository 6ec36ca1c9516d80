"""The package itself: one sorted list of names, imported on first use and fast."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import xcap_sdk
from xcap_sdk import errors
from xcap_sdk.lazy import lazily


def test_the_names_are_sorted_and_all_there() -> None:
    kinds = {name: (not name.isupper(), not name[0].isupper(), name) for name in xcap_sdk.__all__}
    assert list(xcap_sdk.__all__) == sorted(kinds, key=kinds.__getitem__)
    for name in xcap_sdk.__all__:
        assert getattr(xcap_sdk, name) is not None
    assert set(xcap_sdk.__all__) <= set(dir(xcap_sdk))


def test_all_errors_are_exported() -> None:
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and value.__module__ == errors.__name__
    }
    assert classes <= set(xcap_sdk.__all__)


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'oops'"):
        xcap_sdk.oops  # noqa: B018  # pyright: ignore - that it fails is the point


def python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_importing_the_package_takes_nothing_along() -> None:
    loaded = python(
        "import sys, xcap_sdk; print(sorted({'httpx', 'lxml', 'xsdata', 'pydantic'} & set(sys.modules)))"
    )
    assert loaded == "[]"


@pytest.mark.parametrize(
    "first", ["xcap_sdk", "xcap_documents.resource_lists", "xcap_sdk.usages", "xcap_sdk.flows.saving"]
)
def test_any_module_can_be_imported_first(first: str) -> None:
    assert (
        python(f"import {first}; from xcap_sdk import XcapClient; print(XcapClient.__name__)") == "XcapClient"
    )


def test_the_client_needs_no_settings_library() -> None:
    assert (
        python("import sys; from xcap_sdk import XcapClient; print('pydantic_settings' in sys.modules)")
        == "False"
    )


READS = """
import sys, httpx
from xcap_sdk import XcapClient

book = (
    b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="a"/></resource-lists>'
)
fields = {"ETag": '"1"', "Content-Type": "application/resource-lists+xml"}
http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, headers=fields, content=book)))
with http, XcapClient("http://localhost", user="sip:alice@example.org", http=http) as xcap:
    assert xcap.resource_lists.get().model.lists["a"]
print(*(name for name in sys.modules if name.startswith(("xcap_", "asyncio"))))
"""


def test_a_first_read_imports_what_it_needs_and_no_more() -> None:
    loaded = python(READS).split()
    documents = {name for name in loaded if name.startswith("xcap_documents.") and "._" not in name}
    usages = {name for name in loaded if name.startswith("xcap_sdk.usages.")}
    assert documents == {"xcap_documents.resource_lists"}
    assert (
        usages & {f"xcap_sdk.usages.{name}" for name in ("pres_rules", "groups", "presence", "validation")}
        == set()
    )
    assert not {"asyncio", "xcap_sdk.editing.plan", "xcap_sdk.editing.merge", "xcap_sdk.server"} & set(loaded)
    assert not {"xcap_sdk.flows.outcomes", "xcap_sdk.repository.asynchronous"} & set(loaded)
    assert "xcap_documents._behaviour.permissions" not in loaded


def test_what_is_wrong_in_a_module_is_not_taken_for_a_missing_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "failing_module.py").write_text("{}['inside']")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(KeyError, match="inside"):
        lazily("xcap_sdk", {"failing_module": "Thing"})("Thing")
