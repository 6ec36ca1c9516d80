"""Node selectors for the elements of a document, such that they select what they are to (RFC 4825 §6.3).

Elements are selected by the attribute that tells them apart where it does, else by their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from xcap_sdk.documents.classes import meta_of
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.comparing import is_element
from xcap_sdk.editing.diff import Keys
from xcap_sdk.protocol.selectors import AttributeStep, NodeSelector, Step
from xcap_sdk.protocol.xmltext import NCNAME, XML_NAMESPACE

KeyAttributes = Mapping[str, str]
"""The attribute that tells elements of a name apart, by that name; both as ``{namespace}name``."""


def key_attributes(root: type, keys: Keys) -> KeyAttributes:
    """The attributes that tell elements apart, as the document classes know them.

    Args:
        root: The class of the document.
        keys: The usage's keys; classes that are not in it may say so themselves, by ``_key_field``.
    """
    return _key_attributes(root, tuple(keys.items()))


@lru_cache(maxsize=64)
def _key_attributes(root: type, keys: tuple[tuple[type, str], ...]) -> KeyAttributes:
    given, found = dict(keys), dict[str, str]()
    pending: list[tuple[str, type[Any]]] = [(meta_of(root).qname, root)]
    seen = set(pending)
    while pending:
        name, cls = pending.pop()
        field = given.get(cls) or getattr(cls, "_key_field", None)
        for var in meta_of(cls).get_all_vars():
            if var.is_attribute and var.name == field:
                found.setdefault(name, var.qname)
            for choice in (var, *var.elements.values()):
                children = {
                    (choice.qname, each) for each in choice.types if hasattr(each, "__dataclass_fields__")
                } - seen
                seen |= children
                pending += children
    return found


class Selecting:
    """Makes selectors for one document.

    Args:
        default_namespace: The usage's default document namespace; None if it has none.
        keys: The attributes that tell elements apart.
    """

    def __init__(self, default_namespace: str | None, keys: KeyAttributes) -> None:
        self._default = default_namespace
        self._keys = keys
        self._prefixes: dict[str, str] = {}

    def attribute(self, element: Element, name: str) -> NodeSelector:
        """Select an attribute whose value is about to change."""
        step = next(self._existing(element, without=name))
        return self._selector(element.getparent(), step, AttributeStep(self._attribute_name(name)))

    def replacing(self, old: Element, new: Element) -> Iterator[NodeSelector]:
        """Select an element that another one takes the place of; best first."""
        for step in self._existing(old):
            is_same = step.name == "*" or old.tag == new.tag
            if is_same and (
                step.attribute is None or self._value(new, step.attribute[0]) == step.attribute[1]
            ):
                yield self._selector(old.getparent(), step)

    def deleting(self, old: Element) -> Iterator[NodeSelector]:
        """Select an element such that nothing else is selected when it is gone; best first."""
        parent = old.getparent()
        assert parent is not None, "the root is never deleted"
        last: list[Step] = []
        for step in self._existing(old):
            if step.position is None:
                yield self._selector(parent, step)
                continue
            fitting = _siblings(old, None if step.name == "*" else str(old.tag))
            after = fitting[step.position] if step.position < len(fitting) else None
            if after is None:
                yield self._selector(parent, step)
                continue
            for name, value in self._tests(old):
                if self._value(after, name) != value:
                    last.append(Step(step.name, step.position, (name, value)))
        for step in last:
            yield self._selector(parent, step)

    def inserting(self, parent: Element, new: Element, low: int, high: int) -> Iterator[NodeSelector]:
        """Select a new element such that RFC 4825 §8.2.3 puts it where it is to be; best first.

        Args:
            parent: Where it is to be.
            new: The element, of another document.
            low: Among which of the parent's nodes it may come at the earliest.
            high: And at the latest.
        """
        nodes = list(parent)
        for step, at in self._new_steps(nodes, new):
            if low <= at <= high:
                yield self._selector(parent, step)

    def _new_steps(self, nodes: list[Element], new: Element) -> Iterator[tuple[Step, int]]:
        """Steps that would create an element, and where among its parent's nodes that would be."""
        every = [at for at, node in enumerate(nodes) if is_element(node)]
        named = [at for at in every if nodes[at].tag == new.tag]
        tests = list(self._tests(new))
        name = self._element_name(str(new.tag))
        last = named[-1] + 1 if named else len(nodes)
        if name is not None:
            for test in tests[: self._has_key(new)]:
                if not any(self._value(nodes[at], test[0]) == test[1] for at in named):
                    yield Step(name, None, test), last
            yield (Step(name, len(named) + 1), last) if named else (Step(name), last)
        for candidate, places in ((name, named), ("*", every)):
            if candidate is None:
                continue
            for number, at in enumerate(_openings(places, len(nodes)), 1):
                there = nodes[places[number - 1]] if number <= len(places) else None
                for test in tests:
                    if there is None or self._value(there, test[0]) != test[1]:
                        yield Step(candidate, number, test), at
                        break
        yield Step("*", len(every) + 1), every[-1] + 1 if every else len(nodes)

    def _existing(self, element: Element, without: str | None = None) -> Iterator[Step]:
        """Steps that select an element among its siblings; best first.

        Args:
            element: The element.
            without: An attribute that must not be tested.
        """
        name = self._element_name(str(element.tag))
        if element.getparent() is None:
            yield Step(name or "*")
            return
        unwanted = None if without is None else self._attribute_name(without)
        tests = [test for test in self._tests(element) if test[0] != unwanted]
        key = self._keys.get(str(element.tag))
        keyed = self._has_key(element) and key != without
        for candidate in (name, "*"):
            if candidate is None:
                continue
            siblings = _siblings(element, None if candidate == "*" else str(element.tag))
            for test in tests[:keyed]:
                if _count(siblings, self._expanded(test[0]), test[1]) == 1:
                    yield Step(candidate, None, test)
            if len(siblings) == 1:
                yield Step(candidate)
            for test in tests if key is None else []:
                if _count(siblings, self._expanded(test[0]), test[1]) == 1:
                    yield Step(candidate, None, test)
            yield Step(candidate, siblings.index(element) + 1)

    def _selector(
        self, parent: Element | None, step: Step, terminal: AttributeStep | None = None
    ) -> NodeSelector:
        steps = [step]
        while parent is not None:
            steps.insert(0, next(self._existing(parent)))
            parent = parent.getparent()
        return NodeSelector(tuple(steps), terminal, tuple((p, uri) for uri, p in self._prefixes.items()))

    def _tests(self, element: Element) -> Iterable[tuple[str, str]]:
        """What an element's attributes can be tested for, its key first."""
        key = self._keys.get(str(element.tag))
        for name in sorted(map(str, element.attrib), key=lambda each: each != key):
            yield self._attribute_name(name), element.attrib[name]

    def _has_key(self, element: Element) -> bool:
        """Whether the first of `_tests` is that of the key."""
        key = self._keys.get(str(element.tag))
        return key is not None and key in element.attrib

    def _value(self, element: Element, written: str) -> str | None:
        return element.get(self._expanded(written))

    def _expanded(self, written: str) -> str:
        prefix, _, local = written.rpartition(":")
        if not prefix:
            return local
        uris = {known: uri for uri, known in self._prefixes.items()} | {"xml": XML_NAMESPACE}
        return f"{{{uris[prefix]}}}{local}"

    def _element_name(self, name: str) -> str | None:
        """A name as written in a selector; None if no selector can have it."""
        uri, local = _split(name)
        if uri == self._default:
            return local
        return None if uri is None else self._prefixed(uri, local)

    def _attribute_name(self, name: str) -> str:
        uri, local = _split(name)
        return local if uri is None else self._prefixed(uri, local)

    def _prefixed(self, uri: str, local: str) -> str:
        if uri == XML_NAMESPACE:
            return f"xml:{local}"
        prefix = self._prefixes.setdefault(uri, self._prefixes.get(uri) or self._new_prefix(uri))
        return f"{prefix}:{local}"

    def _new_prefix(self, uri: str) -> str:
        """The initials of the namespace's last part: ``cp`` for ``urn:ietf:params:xml:ns:common-policy``."""
        words = re.split(r"[^a-z]+", re.split(r"[:/#]", uri.rstrip(":/#"))[-1].lower())
        stem = "".join(word[:1] for word in words)
        if not NCNAME.fullmatch(stem) or stem.startswith("xml"):
            stem = "n"
        taken, number, prefix = set(self._prefixes.values()), 1, stem
        while prefix in taken:
            number += 1
            prefix = f"{stem}{number}"
        return prefix


def _siblings(element: Element, name: str | None) -> list[Element]:
    parent = element.getparent()
    assert parent is not None
    return list(parent.iterchildren(name or "*"))


def _count(elements: Iterable[Element], name: str, value: str) -> int:
    return [element.get(name) for element in elements].count(value)


def _openings(places: list[int], count: int) -> list[int]:
    """Where new elements come by their number: before the first, or right behind the one before."""
    if not places:
        return [count]
    return [places[0], *(at + 1 for at in places)]


def _split(name: str) -> tuple[str | None, str]:
    uri, brace, local = name.rpartition("}")
    return (uri[1:] if brace else None), local
