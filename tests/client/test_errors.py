"""Errors as values: they can be copied, and sent from one process to another."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from xcap_sdk import XcapError, errors
from xcap_sdk.protocol.diffs import PatchCondition, PatchRemove
from xcap_sdk.protocol.messages import Headers, Request, Response

CLASSES = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, XcapError)]
VALUES: dict[str, Any] = {
    "request": Request("PUT", "https://xcap.example.org/", body=b"mine"),
    "response": Response(409, Headers([("ETag", '"1"')]), b"report"),
    "problems": (errors.Problem("lists[0]", "schema", "is wrong"),),
    "clashes": (errors.Clash("lists[0]", "a", "b", "c", "lists[0]: changed"),),
    "condition": PatchCondition.UNLOCATED_NODE,
    "operation": PatchRemove("a", namespaces={None: "urn:a"}),
}


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])
@pytest.mark.parametrize("cls", CLASSES)
def test_they_stay_what_they_are(cls: type[XcapError], again: Callable[[XcapError], XcapError]) -> None:
    names = [name for name in inspect.signature(cls).parameters if name != "message"]
    error = cls("what happened", **{name: VALUES.get(name, name) for name in names})
    error.document = lambda: "belongs to a client, and cannot be pickled"
    other = again(error)
    assert type(other) is cls
    assert str(other) == str(error)
    assert other.document is None
    told = {name: value for name, value in vars(error).items() if name not in {"document", "response"}}
    for name, value in told.items():
        assert getattr(other, name) == value
    if isinstance(error, errors.ReplyError) and isinstance(other, errors.ReplyError):
        assert (other.status, dict(other.response.headers), other.response.body) == (
            409,
            {"etag": '"1"'},
            b"report",
        )


def test_a_message_stays_short_however_much_is_wrong() -> None:
    problems = tuple(errors.Problem(f"lists[{number}]", "schema", "x" * 50_000) for number in range(300))
    error = errors.InvalidDocument("this is not valid:", problems=problems)
    lines = str(error).splitlines()
    assert lines[0] == "this is not valid:"
    assert lines[1].startswith("  lists[0]: xxx")
    assert lines[101] == "  and 200 more"
    assert len(lines) == 102
    assert len(str(error)) < 110_000
    assert error.problems == problems
