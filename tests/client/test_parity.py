"""Sync and async are the same thing: the same public names, signatures and docstrings, and one line each."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import Any

import pytest

import xcap_sdk

PAIRS = [
    name for name in xcap_sdk.__all__ if not name.startswith("Async") and f"Async{name}" in xcap_sdk.__all__
]
NAMES = {"__enter__": "__aenter__", "__exit__": "__aexit__"}


def test_all_pairs_are_compared() -> None:
    assert PAIRS == [
        "CapabilitiesRepository",
        "DirectoryRepository",
        "Document",
        "Edit",
        "ListPlan",
        "ReadOnlyDocument",
        "ReadOnlyRepository",
        "Repository",
        "ResourceListsRepository",
        "RlsServicesRepository",
        "StatusIconRepository",
        "XcapClient",
        "XcapTree",
    ]


def public(cls: type) -> dict[str, Any]:
    """Public and block methods and properties, the inherited ones too; undone what Async puts into names."""
    asynchronous = {value: key for key, value in NAMES.items()}
    return {
        asynchronous.get(name, name): inspect.getattr_static(cls, name)
        for name in dir(cls)
        if (not name.startswith("_") or name in {"__init__", *NAMES, *asynchronous})
    }


def signature(member: Any) -> str:
    function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    return re.sub(r"\bAsync(?=[A-Z])|(?<=httpx\.)Async", "", str(inspect.signature(function)))


@pytest.mark.parametrize("name", PAIRS)
def test_signatures_and_docstrings_are_equal(name: str) -> None:
    sync, other = getattr(xcap_sdk, name), getattr(xcap_sdk, f"Async{name}")
    assert sync.__doc__ == other.__doc__
    ours, theirs = public(sync), public(other)
    assert ours.keys() == theirs.keys()
    for member in ours:
        assert type(ours[member]) is type(theirs[member]), member
        assert inspect.getdoc(ours[member]) == inspect.getdoc(theirs[member]), member
        assert signature(ours[member]) == signature(theirs[member]), member


@pytest.mark.parametrize("name", [*PAIRS, *(f"Async{name}" for name in PAIRS)])
def test_public_methods_are_one_line(name: str) -> None:
    cls = getattr(xcap_sdk, name)
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(definition, ast.ClassDef)
    for method in definition.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not method.name.startswith("_"):
            statements = [
                part
                for part in method.body
                if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
                and not isinstance(part, ast.ImportFrom)  # what few need is imported by them
            ]
            allowed = 3 if method.name in {"from_settings", "repository", "reader"} else 1
            assert len(statements) <= allowed, f"{name}.{method.name}"


@pytest.mark.parametrize("name", PAIRS)
def test_what_talks_to_the_server_is_a_coroutine(name: str) -> None:
    sync, other = public(getattr(xcap_sdk, name)), public(getattr(xcap_sdk, f"Async{name}"))
    talks = {member for member, value in other.items() if inspect.iscoroutinefunction(value)}
    quiet = {
        "from_settings",
        "of",
        "address",
        "plan",
        "edit",
        "resume",
        "repository",
        "reader",
        "list_address",
        "within",
        "to_json",
        "__init__",
    }
    callables = {member for member, value in sync.items() if inspect.isroutine(value)}
    assert talks == callables - quiet - {"__enter__", "__exit__"} | (talks & {"__enter__", "__exit__"})
