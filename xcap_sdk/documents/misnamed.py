"""Elements that a wildcard takes in silence, although they look like known ones of another namespace.

A schema lets elements of any other namespace stand behind its wildcards. So an ``entry`` whose
``display-name`` is in the namespace of the document rather than in that of resource-lists is valid, and has
no name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_sdk.documents.classes import all_classes, kind, meta_of
from xcap_sdk.documents.outline import Outline, namespace_of
from xcap_sdk.documents.places import place
from xcap_sdk.documents.schemas import schema_for


class Misnamed(NamedTuple):
    """An element in the wrong namespace.

    Attributes:
        place: Where it is in the model.
        name: Its name as ``{namespace}name``.
        expected: The name that counts there, written likewise.
    """

    place: str
    name: str
    expected: str


def misnamed(model: object) -> Iterator[Misnamed]:
    """The elements behind wildcards that are called like a known one and are in the namespace of others.

    What is called like nothing known, and all of unknown namespaces, is somebody's extension.

    Args:
        model: An instance of a document class.

    Returns:
        The elements, in document order.
    """
    root = Outline.of(model)
    pending: list[tuple[Outline, tuple[int, ...]]] = [(root, ())]
    while pending:
        parent, steps = pending.pop()
        if not parent.is_typed:
            continue
        inner: list[tuple[Outline, tuple[int, ...]]] = []
        for index, child in enumerate(parent.children):
            here = (*steps, index)
            if isinstance(child.value, AnyElement):
                expected = _expected(child.name, kind(parent.value))
                if expected is not None:
                    yield Misnamed(_place(root, steps, parent, child), child.name, expected)
            else:
                inner.append((child, here))
        pending += reversed(inner)


def _place(root: Outline, steps: tuple[int, ...], parent: Outline, child: Outline) -> str:
    """The place in the field: a shortcut of the same name shows the right element, not this one."""
    content: Any = getattr(parent.value, child.field or "")
    where = f"{child.field}[{next(n for n, item in enumerate(content) if item is child.value)}]"
    outer = place(root, steps)
    return f"{outer}.{where}" if outer else where


def _expected(name: str, parent: type) -> str | None:
    """The name that an element should have had; None if there is nothing wrong with it."""
    local = name.rpartition("}")[2]
    if namespace_of(name) not in schema_for().namespaces:
        return None
    declared = _declared(parent).get(local)
    if declared is not None:
        return declared
    known = _known().get(local, ())
    return None if name in known or not known else known[0]


@cache
def _declared(cls: type) -> dict[str, str]:
    """The children that a class has fields for: full names by local ones."""
    variables = meta_of(cls).get_all_vars()
    elements = [var for var in variables if var.is_element]
    elements += [choice for var in variables for choice in var.elements.values()]
    return {var.local_name: var.qname for var in elements}


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """The elements that may stand by themselves: full names by local ones."""
    found: dict[str, tuple[str, ...]] = {}
    namespaces = schema_for().namespaces
    for name, known in sorted(all_classes().items()):
        if namespace_of(name) in namespaces and any(map(_is_element, known)):
            local = name.rpartition("}")[2]
            found[local] = (*found.get(local, ()), name)
    return found


def _is_element(cls: type[Any]) -> bool:
    return hasattr(cls.__dict__.get("Meta"), "namespace")
