"""Conditions, messages and conflict reports."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

import xcap_sdk.protocol
from xcap_sdk.errors import InvalidInput, XcapError
from xcap_sdk.protocol import (
    Exists,
    Fault,
    FaultKind,
    Headers,
    Match,
    MustNotExist,
    NodeSelector,
    Refused,
    Request,
    Response,
    Step,
    Unconditional,
    XcapRoot,
    application_id,
    document_name,
    user_uri,
)


@pytest.mark.parametrize(
    ("etag", "sent"),
    [
        ('"a"', '"a"'),
        ("a", '"a"'),
        (' "a" ', '"a"'),
        ("*", "*"),
        ('W/"a"', 'W/"a"'),
        ("a-1", '"a-1"'),
        ('""', '""'),
    ],
)
def test_match(etag: str, sent: str) -> None:
    condition = Match(etag)
    assert condition.headers() == (("If-Match", sent),)
    assert str(condition) == f"If-Match: {sent}"
    assert condition == Match(sent)


@pytest.mark.parametrize("etag", ["", "  ", 'a"\r\nX: y"', "a\x00", "a\nb"])
def test_what_no_etag_can_be(etag: str) -> None:
    with pytest.raises(InvalidInput, match="expected an ETag"):
        Match(etag)


def test_the_other_conditions() -> None:
    assert MustNotExist().headers() == (("If-None-Match", "*"),)
    assert str(MustNotExist()) == "If-None-Match: *"
    assert Unconditional().headers() == ()
    assert str(Unconditional()) == "unconditional"
    assert MustNotExist() == MustNotExist()


def test_headers() -> None:
    headers = Headers([("Allow", "GET"), ("ETag", '"a"'), ("allow", "HEAD")])
    assert headers["ALLOW"] == "GET, HEAD"
    assert "etag" in headers
    assert "ETAG" in headers
    assert 1 not in headers
    assert list(headers) == ["allow", "etag"]
    assert len(headers) == 2
    assert headers.get("x") is None
    assert headers == Headers([("allow", "GET, HEAD"), ("etag", '"a"')])
    assert repr(headers) == "Headers([('allow', 'GET, HEAD'), ('etag', '\"a\"')])"
    assert "secret" not in repr(Response(200, Headers([("Set-Cookie", "session=secret")])))


@pytest.mark.rule("PB5")
def test_what_a_response_says() -> None:
    response = Response(
        200, Headers([("ETag", ' "a" '), ("Content-Type", "Application/XCAP-el+xml; charset=utf-8")])
    )
    assert response.etag == '"a"'
    assert response.media_type == "application/xcap-el+xml"
    assert Response(404).etag is None
    assert Response(404).media_type is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (['"a,b"'], '"a,b"'),
        (['W/"a"'], 'W/"a"'),
        (['""'], '""'),
        (['"\xe9\x85"'], '"\xe9\x85"'),
        (["a-1"], "a-1"),
        (["a*"], "a*"),
        (["*"], None),
        (['*, "a"'], None),
        (['"a"', '"b"'], None),
        (["a", "b"], None),
        (['"a","b"'], None),
        (['"a'], None),
        (['a"'], None),
        (['"a b"'], None),
        (['"a\tb"'], None),
        (['"\u20ac"'], None),
        (["a,b"], None),
        (['w/"a"'], None),
        ([""], None),
    ],
)
def test_only_one_entity_tag_is_an_etag(fields: list[str], expected: str | None) -> None:
    assert Response(200, Headers([("ETag", field) for field in fields])).etag == expected


def test_bodies_stay_out_of_what_is_printed() -> None:
    assert "secret" not in repr(Request("PUT", "http://a/b", (), b"secret"))
    assert "secret" not in repr(Response(200, Headers(), b"secret"))


@pytest.mark.parametrize(
    "refuse",
    [XcapRoot, user_uri, application_id, document_name, NodeSelector.parse, NodeSelector.from_wire, Step],
)
def test_messages_stay_short_whatever_came_in(refuse: Callable[[str], object]) -> None:
    for text in ("/" * 50_000 + " \n", "a" * 50_000 + " @\0/"):
        with pytest.raises(InvalidInput) as caught:
            refuse(text)
        assert len(str(caught.value)) < 800
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("refuse", [XcapRoot, user_uri, document_name])
@pytest.mark.parametrize("value", [5, b"index", None, ["index"]])
def test_what_is_no_text(refuse: Callable[[Any], object], value: object) -> None:
    with pytest.raises(InvalidInput, match=f"is text, .*and not {type(value).__name__}"):
        refuse(value)


@pytest.mark.rule("EX1")
def test_the_conditions_of_conflicts() -> None:
    assert len(FaultKind) == 11
    assert FaultKind("no-parent") is FaultKind.NO_PARENT


@pytest.mark.rule("EX2")
def test_refusals() -> None:
    fault = Fault(FaultKind.UNIQUENESS_FAILURE, phrase="taken", exists=(Exists("a/@b", ("c",)),))
    assert str(Refused(fault)) == "uniqueness-failure: taken"
    assert Refused(fault).fault is fault
    assert str(Refused(Fault(FaultKind.CANNOT_DELETE))) == "cannot-delete: refused"
    assert issubclass(Refused, XcapError)


def test_one_sorted_list_of_names() -> None:
    names = xcap_sdk.protocol.__all__
    constants = [name for name in names if name.isupper()]
    classes = [name for name in names if name[0].isupper() and not name.isupper()]
    functions = [name for name in names if name[0].islower()]
    assert names == sorted(constants) + sorted(classes) + sorted(functions)
    assert all(hasattr(xcap_sdk.protocol, name) for name in names)


def test_every_public_name_is_documented() -> None:
    for module in pkgutil.iter_modules(xcap_sdk.protocol.__path__, "xcap_sdk.protocol."):
        assert importlib.import_module(module.name).__doc__
    for name in xcap_sdk.protocol.__all__:
        value = getattr(xcap_sdk.protocol, name)
        if isinstance(value, type):
            assert value.__doc__
            for member, attribute in vars(value).items():
                if callable(attribute) and not member.startswith("_"):
                    assert attribute.__doc__, f"{name}.{member}"
