"""Models as JSON: what `to_json` writes, `from_json` reads back equal, and `json_schema` describes.

Fields have their Python names; what is None or empty is left out. Special keys begin with ``$``, which no
field does: ``$element`` tells elements apart where several may stand, ``$any`` stands for an element without
a class, ``$type`` names a class that takes the place of the field's own (xsi:type).

pydantic does the work, with one schema per class that is made on first use: see `json_schemas`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import is_dataclass
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from xcap_sdk.documents.classes import is_model, no_model
from xcap_sdk.documents.json_fields import ELEMENT
from xcap_sdk.documents.json_writing import content_of
from xcap_sdk.errors import Clash, InvalidDocument, InvalidInput, Problem
from xcap_sdk.json_schemas import describe, reader

R = TypeVar("R")

LARGEST = 1 << 24
"""So many characters of JSON are read at most."""

RULE = "json"
"""What problems of JSON carry as their rule."""

_MOST = 100
_DEEPEST = 128  # pydantic and its callers share the stack, which threads have little of on some systems
_LONG = 1 << 20
_WIDEST = 10_000
_DEEP = "it nests too deep"
_SAID = {
    "missing": "is required, and missing",
    "extra_forbidden": "is no field here",
    "recursion_loop": _DEEP,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def to_json(model: object, *, indent: int | None = None) -> str:
    """Write a model as JSON.

    Args:
        model: An instance of a document class, or of one of the classes in it.
        indent: Spaces per level; None for one line.

    Returns:
        A JSON object: stable, so that equal models give equal texts. Dates, durations, Decimals and enums are
        texts as in XML; interleaved children carry their element's name as ``$element``.

    Raises:
        InvalidInput: It is no instance of a document class, or holds something that JSON cannot.
    """
    if not is_model(model):
        raise InvalidInput(no_model(model))
    try:
        content = content_of(model)
        if not _is_deep(content):
            text = json.dumps(content, ensure_ascii=False, indent=indent, allow_nan=False)
            text.encode()  # RFC 8259 §8.1
            return text
    except RecursionError:
        pass
    except (TypeError, UnicodeEncodeError) as error:
        raise InvalidInput(f"the model holds what JSON cannot: {error}") from None
    raise InvalidInput("the model contains itself, or nests too deep")


def from_json(text: str | bytes, root: type[R], *, tolerant: bool = False) -> R:
    """Read a model from the JSON that `to_json` writes.

    Args:
        text: The JSON.
        root: The class that it is of.
        tolerant: Whether to read documents that break their schema, as `parse` does: what the class asks for
            and the JSON lacks is None, and a text of the wrong form stays text.

    Returns:
        The model. It has the form that its class asks for; whether it follows its schema and rules,
        `validate` and each save say.

    Raises:
        InvalidDocument: It is no JSON of this class: unknown fields, missing ones, values of another kind;
            ``.problems`` names the places, such as ``items[3].uri``. In a text of more than a million
            characters only the first that is wrong in each list is named.
        InvalidInput: The root is no document class.
    """
    _check_class(root)
    found = _parsed(text)
    try:
        read = reader(root, tolerant=tolerant, thorough=len(text) <= _LONG)
        return cast("R", read.validate_python(found))
    except ValidationError as error:
        problems = [_problem(each) for each in error.errors(include_url=False)[:_MOST]]
    except RecursionError:
        problems = [Problem("", RULE, _DEEP)]
    raise _refused(root.__name__, problems)


def json_places(model: object, found: Iterable[Problem | Clash]) -> list[str]:
    """Where in the JSON of a model something is wrong with it: beside which field of a form to say so.

    Args:
        model: The model that was validated or saved.
        found: What `validate` and saves say of it: the problems of `InvalidDocument`, the clashes of
            `MergeConflict`, or warnings.

    Returns:
        For each its place in what `to_json` writes of the model, as `from_json` names places:
        ``items[0].items[1].uri``. Of what is not there the nearest around it; empty for the root.

    Raises:
        InvalidInput: The model has no form in JSON.
    """
    from xcap_sdk.documents.json_places import JsonPlaces  # what only reads and writes JSON needs none of it

    to_json(model)  # refuses what has no form in JSON
    places = JsonPlaces(model)
    return [places[each.place] for each in found]


def json_schema(root: type[Any], *, extensions: Iterable[type[Any]] = ()) -> dict[str, Any]:
    """Describe the JSON of a class: a JSON Schema (2020-12), with the descriptions of classes and fields.

    Args:
        root: A document class, or one of the classes in it.
        extensions: Classes of elements that may stand where any element may, and are described in full
            there, such as ``SubHandlingElement`` in a ``Ruleset``. Of others the schema asks no more than a
            name.

    Returns:
        The schema. What it accepts, `from_json` reads, except for texts with a form of their own (dates,
        Decimals …), which it calls strings, and for elements that it does not describe. It has the bounds,
        lengths and patterns that the XSD sets for values, where JSON Schema has the same; `from_json` leaves
        those to `validate`.

    Raises:
        InvalidInput: One of them is no document class, or an extension has no element of its own.
    """
    described = list(extensions)
    for cls in (root, *described):
        _check_class(cls)
    return {"$schema": _DIALECT, **describe(root, described)}


def _check_class(cls: object) -> None:
    if not (isinstance(cls, type) and is_dataclass(cls)):
        raise InvalidInput(f"expected a document class, not {cls!r}")


def _refused(what: str, problems: list[Problem]) -> InvalidDocument:
    return InvalidDocument(f"this JSON is no {what}:", problems=tuple(problems))


def _parsed(text: str | bytes) -> object:
    if len(text) > LARGEST:
        raise _refused("document", [Problem("", RULE, f"it is longer than {LARGEST:,} characters")])
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        reason = _DEEP
    except ValueError as error:
        reason = f"it cannot be read: {error}"
    else:
        if not _is_deep(found):
            return found
        reason = _DEEP
    raise _refused("document", [Problem("", RULE, reason)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Pydantic's own parser takes the last of several equal keys."""
    if len(pairs) > _WIDEST:
        raise ValueError(f"an object has more than {_WIDEST:,} keys")
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _is_deep(found: object) -> bool:
    level = [found]
    for _ in range(_DEEPEST):
        level = [
            child
            for each in level
            if isinstance(each, dict | list)
            for child in cast("Iterable[object]", each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def _problem(error: ErrorDetails) -> Problem:
    name = error["type"]
    expected = error.get("ctx", {}).get("error") or error["msg"]
    if name == "dict_type":
        expected = "expected an object"  # a dictionary, says pydantic
    message = _SAID.get(name) or f"{expected}, not {_shown(error['input'])}"
    return Problem(_place(error["loc"]), RULE, message)


def _place(steps: tuple[int | str, ...]) -> str:
    """The place that pydantic means; negative numbers are the options of a union."""
    place = ""
    for step in steps:
        if isinstance(step, int):
            place += f"[{step}]" if step >= 0 else ""
        elif step[:60].isidentifier():
            place += f".{step[:60]}" if place else step[:60]
        else:
            place += f"[{json.dumps(step[:60], ensure_ascii=False)}]"
    return place


def _shown(found: object) -> str:
    if isinstance(found, dict):
        name = cast("dict[str, object]", found).get(ELEMENT)
        return f"one of {_shown(name)}" if isinstance(name, str) else "an object without"
    if isinstance(found, list):
        return "a list"
    text = json.dumps(found, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
