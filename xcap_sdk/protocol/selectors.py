"""Node selectors (RFC 4825 §6.3, §6.4): one element, attribute or set of namespace bindings in a document.

A selector is written in two forms. The decoded one is for people, ``str()`` and `NodeSelector.parse`:
``resource-lists/list[@name="a &amp; b"]``, values escaped as in XML. The wire form is percent-encoded on top
of it, with the namespace bindings in the query. A value in a `Step` is the plain value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NoReturn

from xcap_sdk.errors import InvalidSelector
from xcap_sdk.protocol.grammar import GrammarError, read_segments, read_selector
from xcap_sdk.protocol.percent import MalformedEncodingError, decode, encode_query, encode_segment
from xcap_sdk.protocol.steps import AttributeStep, NamespaceStep, Step, UnboundPrefix, UnknownExtension
from xcap_sdk.protocol.wording import shown
from xcap_sdk.protocol.xmltext import XML_NAMESPACE, XMLNS_NAMESPACE
from xcap_sdk.protocol.xpointer import RESERVED_PREFIXES, format_bindings, is_bindable, read_bindings

__all__ = ["AttributeStep", "NamespaceStep", "NodeSelector", "Step", "UnboundPrefix", "UnknownExtension"]

_PREDEFINED = {"xml": XML_NAMESPACE, "xmlns": XMLNS_NAMESPACE}


@dataclass(frozen=True, eq=False)
class NodeSelector:
    """What to select in a document, step by step from the root element.

    Two selectors are equal if they are written alike; bindings that no step uses do not count, and do not go
    over the wire either.

    Attributes:
        steps: The element steps, at least one; the first names the root element.
        terminal: What to select of the last element; None for the element itself.
        bindings: Prefixes and their namespace URIs, sorted by prefix; ``xml`` needs none.

    Raises:
        InvalidSelector: No steps, or a binding that no ``xmlns()`` can express.
    """

    steps: tuple[Step, ...]
    terminal: AttributeStep | NamespaceStep | None = None
    bindings: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.steps:
            raise InvalidSelector("a node selector needs a step at least: the root element's name (§6.3)")
        bindings = {prefix: uri for prefix, uri in self.bindings if _PREDEFINED.get(prefix) != uri}
        for prefix, uri in bindings.items():
            if not is_bindable(prefix, uri):
                why = "reserved" if prefix in RESERVED_PREFIXES else "no prefix, or no namespace URI"
                raise InvalidSelector(f"cannot bind prefix {prefix!r} to {uri!r}: {why}")
        object.__setattr__(self, "bindings", tuple(sorted(bindings.items())))

    @classmethod
    def parse(cls, text: str, namespaces: Mapping[str, str] | None = None) -> NodeSelector:
        """Read a selector in its decoded form.

        Args:
            text: For example ``resource-lists/list[@name="a &amp; b"]/entry[2]/@uri``; may end in bindings,
                ``?xmlns(p=urn:example)``. In values ``&`` and ``<`` are escaped as in XML, everything else
                may stand as it is; to have values escaped, build the selector with `child`.
            namespaces: Namespace URIs by prefix, for the prefixes used (and those that will be used in
                `child`). Bindings in the text win.

        Returns:
            The selector, with all its prefixes bound.

        Raises:
            InvalidSelector: The text does not follow the grammar: says where, and what was expected.
            UnboundPrefix: A prefix has no namespace.
        """
        try:
            reading = read_selector(text)
        except GrammarError as error:
            raise InvalidSelector(f"node selector {error}") from error
        bindings = {**(namespaces or {}), **reading.bindings}
        return cls(tuple(reading.steps), reading.terminal).bind(bindings)

    @classmethod
    def from_wire(cls, path: str, query: str | None = None) -> NodeSelector:
        """Read a selector as a server gets it.

        The path is split at its raw slashes before it is decoded, so a ``%2F`` in a value does not split.
        Characters that should be encoded, such as brackets, are accepted raw. Whether all prefixes are bound
        is left to `check_bound`.

        Args:
            path: The raw path behind the separator ``/~~/``.
            query: The raw query without its ``?``; None if there is none.

        Returns:
            The selector.

        Raises:
            UnknownExtension: A step is no core grammar (§6.3).
            InvalidSelector: Malformed percent-encoding, or octets that are no UTF-8.
        """
        try:
            reading = read_segments(_decode(segment) for segment in path.split("/"))
        except GrammarError as error:
            raise UnknownExtension(f"no step of a node selector: {error}", step=error.text) from error
        bindings = read_bindings(_decode(query or ""))
        return cls(tuple(reading.steps), reading.terminal, tuple(bindings.items()))

    @property
    def path(self) -> str:
        """The selector's part of a URI path, percent-encoded; goes behind ``/~~/``."""
        return "/".join(encode_segment(part) for part in self._parts())

    @property
    def query(self) -> str | None:
        """The ``xmlns()`` parts for the prefixes in use, percent-encoded, without ``?``; None for none."""
        return encode_query(format_bindings(self._bindings_used())) or None

    @cached_property
    def wire(self) -> str:
        """Path and query as they stand in a URI."""
        query = self.query
        return self.path if query is None else f"{self.path}?{query}"

    @property
    def parent(self) -> NodeSelector | None:
        """The element that holds the selected node; None for the root element.

        For an attribute or namespace bindings that is the element that has them.
        """
        if self.terminal is not None:
            return self.element
        return replace(self, steps=self.steps[:-1]) if len(self.steps) > 1 else None

    @property
    def element(self) -> NodeSelector:
        """The selector without what it selects of the element: itself for an element."""
        return self if self.terminal is None else replace(self, terminal=None)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes that names use, each once, in the order of use."""
        names: list[str] = []
        for step in self.steps:
            names += [step.name, *(step.attribute or ())[:1]]
        if isinstance(self.terminal, AttributeStep):
            names.append(self.terminal.name)
        return tuple(dict.fromkeys(name.partition(":")[0] for name in names if ":" in name))

    def child(
        self,
        name: str,
        *,
        position: int | None = None,
        where: tuple[str, str] | None = None,
        namespaces: Mapping[str, str] | None = None,
    ) -> NodeSelector:
        """Go one element down.

        Args:
            name: The child's name, with or without prefix, or ``*``.
            position: Its place among the children of that name (with ``*`` among all), from 1.
            where: Name and value of an attribute that it has; the value as it is, nothing escaped.
            namespaces: Further namespace URIs by prefix.

        Returns:
            The selector of the child.

        Raises:
            InvalidSelector: A name, position or value that a selector cannot hold, or a selector that
                selects no element.
            UnboundPrefix: A prefix has no namespace.
        """
        if position is not None and position < 1:
            raise InvalidSelector(f"position {position} of {name!r}: positions count from 1")
        steps = (*self._element_steps(), Step(name, position, where))
        return replace(self._knowing(namespaces), steps=steps).bind()

    def attribute(self, name: str, *, namespaces: Mapping[str, str] | None = None) -> NodeSelector:
        """Select an attribute of the element.

        Args:
            name: The attribute's name, without ``@``; unprefixed it is in no namespace.
            namespaces: Further namespace URIs by prefix.

        Returns:
            The selector of the attribute.

        Raises:
            InvalidSelector: The name is none, or the selector selects no element.
            UnboundPrefix: A prefix has no namespace.
        """
        if name.partition(":")[0] == "xmlns":
            raise InvalidSelector(
                f"@{name} declares a namespace and is no attribute (§6.3): see namespaces()"
            )
        terminal = AttributeStep(name)
        return replace(self._knowing(namespaces), steps=self._element_steps(), terminal=terminal).bind()

    def namespaces(self) -> NodeSelector:
        """Select the namespace bindings in scope of the element; they can only be read (§7.10).

        Returns:
            The selector of the bindings.

        Raises:
            InvalidSelector: The selector selects no element.
        """
        return replace(self, steps=self._element_steps(), terminal=NamespaceStep())

    def bind(self, namespaces: Mapping[str, str] | None = None) -> NodeSelector:
        """Bind prefixes.

        Args:
            namespaces: Further namespace URIs by prefix; those not used yet are there for `child`.

        Returns:
            The selector with all its prefixes bound.

        Raises:
            InvalidSelector: A prefix in use stands for another namespace already, or a binding cannot be.
            UnboundPrefix: A prefix in use has no namespace.
        """
        bound = self._knowing(namespaces)
        bound.check_bound()
        return bound

    def expanded(self, name: str, default_namespace: str | None) -> str:
        """Expand a name of this selector (§6.3, §6.4).

        Args:
            name: A name as written; ``*`` stays ``*``.
            default_namespace: The namespace of an unprefixed name: for elements the application usage's
                default document namespace, for attributes None.

        Returns:
            The name in Clark notation: ``{namespace}local``, or ``local`` in no namespace.

        Raises:
            UnboundPrefix: The prefix has no namespace.
        """
        prefix, colon, local = name.rpartition(":")
        if not colon:
            return local if default_namespace is None or name == "*" else f"{{{default_namespace}}}{local}"
        uri = (_PREDEFINED | dict(self.bindings)).get(prefix)
        if uri is None:
            self._raise_unbound((prefix,))
        return f"{{{uri}}}{local}"

    def unbound(self) -> tuple[str, ...]:
        """The prefixes that are used but not bound, in the order of use."""
        used = self.prefixes
        known = _PREDEFINED.keys() | dict(self.bindings).keys() if used else ()
        return tuple(prefix for prefix in used if prefix not in known)

    def check_bound(self) -> None:
        """Make sure that every prefix in use is bound (§8).

        Raises:
            UnboundPrefix: One or more are not.
        """
        if unbound := self.unbound():
            self._raise_unbound(unbound)

    def __str__(self) -> str:
        bindings = format_bindings(self._bindings_used())
        return "/".join(self._parts()) + (f"?{bindings}" if bindings else "")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NodeSelector) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.steps, self.terminal, self._bindings_used())

    def _bindings_used(self) -> tuple[tuple[str, str], ...]:
        if not self.bindings:
            return ()
        used = self.prefixes
        return tuple(binding for binding in self.bindings if binding[0] in used)

    def _parts(self) -> Iterable[str]:
        return map(str, self.steps if self.terminal is None else (*self.steps, self.terminal))

    def _element_steps(self) -> tuple[Step, ...]:
        if self.terminal is not None:
            raise InvalidSelector(f"{shown(str(self))} selects no element, so nothing can follow (§6.3)")
        return self.steps

    def _knowing(self, namespaces: Mapping[str, str] | None) -> NodeSelector:
        if not namespaces:
            return self
        bindings = {**dict(self.bindings), **namespaces}
        if changed := [prefix for prefix, uri in self._bindings_used() if bindings[prefix] != uri]:
            raise InvalidSelector(
                f"{shown(str(self))} uses prefix {changed[0]!r} for another namespace already"
            )
        return replace(self, bindings=tuple(bindings.items()))

    def _raise_unbound(self, prefixes: tuple[str, ...]) -> NoReturn:
        names = ", ".join(map(repr, prefixes))
        hint = ", ".join(f"{prefix!r}: '…'" for prefix in prefixes)
        raise UnboundPrefix(
            f"node selector {shown(str(self))} binds no namespace to prefix {names} (§6.4); "
            f"pass namespaces={{{hint}}}",
            prefixes=prefixes,
        )


def _decode(raw: str) -> str:
    try:
        return decode(raw)
    except MalformedEncodingError as error:
        raise InvalidSelector(f"node selector part {shown(raw)}: {error}") from error
