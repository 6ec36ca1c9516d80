"""Random edits of random documents: the result means what it should, and the rest is byte for byte as received."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_documents import NAMES, URIS, Aside, Node, Writer, as_lxml, make_new, make_text, meaning, read

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.splicing import Splice
from xcap_sdk.errors import InvalidInput

randoms = st.integers(0, 2**64).map(Random)
many = settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])


class Edited:
    """A random document, random edits of it by a `Splice`, and what they should come to."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.data, self.model = Writer(random).document()
        self.source = Source.parse(self.data)
        self.elements = list(self.source.root.iter("*"))
        self.nodes = self.model.walk()
        self.mixed = {node for node in self.nodes if node.is_mixed}
        self.parents = {child: node for node in self.nodes for child in node.children}
        self.splice = Splice(self.source)
        self.slots: defaultdict[tuple[Node, int], list[Node]] = defaultdict(list)
        self.replaced: dict[Node, Node] = {}
        self.texts: dict[Node, str] = {}
        self.gone: set[Node] = set()
        self.moved: set[Node] = set()
        self.retagged: dict[Node, set[str]] = defaultdict(set)
        self.origins: dict[Node, Node] = {}
        self.keeps: set[Node] = set()

    def edit(self) -> None:
        kinds = [
            self.set_attribute,
            self.remove_attribute,
            self.set_text,
            self.insert,
            self.remove,
            self.replace,
            self.move,
        ]
        for kind in self.random.choices(kinds, weights=[3, 2, 3, 5, 3, 1, 3], k=self.random.randrange(9)):
            at = self.random.randrange(len(self.nodes))
            try:
                kind(at)
            except ValueError as error:
                # What the Splice refuses, as to remove the root, has to leave it as it was.
                if isinstance(error, InvalidInput):
                    raise

    def set_attribute(self, at: int) -> None:
        node, name = self.nodes[at], self.random.choice([*self.nodes[at].attributes, self._name()])
        value = make_text(self.random)
        self.splice.set_attribute(self.elements[at], name, value)
        self.retagged[node].add(name)
        node.attributes[name] = value

    def remove_attribute(self, at: int) -> None:
        node, name = self.nodes[at], self.random.choice([*self.nodes[at].attributes, self._name()])
        self.splice.remove_attribute(self.elements[at], name)
        self.retagged[node].add(name)
        del node.attributes[name]

    def set_text(self, at: int) -> None:
        node, text = self.nodes[at], make_text(self.random)
        if node in self.texts or text == "".join(item for item in node.content if isinstance(item, str)):
            return
        if node.children:
            raise ValueError("only where all of them are taken away")
        self.splice.set_text(self.elements[at], text)
        self.texts[node] = text

    def insert(self, at: int) -> None:
        node, new = self.nodes[at], make_new(self.random)
        index = self.random.randrange(len(node.children) + 1)
        self.splice.insert(self.elements[at], index, as_lxml(new, self.random))
        self.slots[node, index].append(new)

    def remove(self, at: int) -> None:
        self.splice.remove(self.elements[at])
        self.gone.add(self.nodes[at])

    def replace(self, at: int) -> None:
        new = make_new(self.random)
        self.splice.replace(self.elements[at], as_lxml(new, self.random))
        self.replaced[self.nodes[at]] = new

    def move(self, at: int) -> None:
        target = self.random.randrange(len(self.nodes))
        index = self.random.randrange(len(self.nodes[target].children) + 1)
        self.splice.move(self.elements[at], self.elements[target], index)
        self.slots[self.nodes[target], index].append(self.nodes[at])
        self.gone.add(self.nodes[at])
        if self.parents[self.nodes[at]] is not self.nodes[target]:
            self.moved.add(self.nodes[at])

    def _name(self) -> str:
        uri = self.random.choice(["", *URIS, "http://www.w3.org/XML/1998/namespace"])
        local = self.random.choice(NAMES)
        return f"{{{uri}}}{local}" if uri else local

    def expected(self, node: Node | None = None) -> Node:
        node = node or self.replaced.get(self.model, self.model)
        base = node if node in self.nodes else None
        made = Node(node.name, node.attributes)
        is_leaf = not node.children and (node, 0) not in self.slots
        if is_leaf or (node in self.mixed if base else node.is_mixed):
            self.keeps.add(made)
        if base:
            self.origins[made] = base
        if node in self.texts:
            made.content = [self.texts[node], *(item for item in node.content if isinstance(item, Aside))]
            return made
        count = 0
        for item in node.content:
            if not isinstance(item, Node):
                made.content.append(item)
                continue
            if not count:
                made.content += map(self.expected, self.slots.get((node, 0), []))
            count += 1
            if item not in self.gone:
                made.content.append(self.expected(self.replaced.get(item, item)))
            made.content += map(self.expected, self.slots.get((node, count), []))
        if not count:
            made.content += map(self.expected, self.slots.get((node, 0), []))
        return made

    def is_untouched(self, node: Node) -> bool:
        changed = (
            {parent for (parent, _), new in self.slots.items() if new} | set(self.texts) | set(self.replaced)
        )
        changed |= {one for one, names in self.retagged.items() if names} | self.moved
        return node not in changed and not any(below in changed | self.gone for below in node.walk()[1:])

    def compare(self, made: Node, found: Node) -> None:
        assert made.name == found.name
        assert made.attributes == found.attributes
        keeps = made in self.keeps
        for ours, theirs in zip_longest(
            meaning(made, keeps_blanks=keeps), meaning(found, keeps_blanks=keeps)
        ):
            if isinstance(ours, Node) and isinstance(theirs, Node):
                self.compare(ours, theirs)
            else:
                assert ours == theirs

    def compare_bytes(self, made: Node, after: Source) -> None:
        for one, element in zip(made.walk(), after.root.iter("*"), strict=True):
            origin = self.origins.get(one)
            if origin is None:
                continue
            before = self.elements[self.nodes.index(origin)]
            if self.is_untouched(origin):
                assert after.fragment(element) == self.source.fragment(before)
            old, new = self.source.start_tag(before), after.start_tag(element)
            if origin not in self.moved and not self.retagged[origin]:
                assert (
                    str(new.opened()) == str(old.opened())
                    if old.is_empty and not new.is_empty
                    else new == old
                )
            else:
                scope = self.source.namespaces(before)
                edited = {
                    tag.name for name in self.retagged[origin] for tag in [old.find(name, scope)] if tag
                }
                kept = [attribute for attribute in old.attributes if attribute.name not in edited]
                assert [attribute for attribute in new.attributes if attribute in kept] == kept
            if origin not in self.texts:
                assert own(after, element, origin in self.mixed) == own(
                    self.source, before, origin in self.mixed
                )


def own(source: Source, element: object, exactly: bool) -> str:
    """What an element holds beside its child elements, as written; white space only if it matters."""
    place, text = source.place(element), ""
    position = place.inside
    for child in element.iterchildren("*"):
        start, end = source.span(child)
        text, position = text + source.text(position, start), end
    text += source.text(position, place.outside)
    return text if exactly else "".join(text.split())


@many
@given(randoms)
def test_edits(random: Random) -> None:
    edited = Edited(random)
    edited.edit()
    result = edited.splice.result()
    after = Source.parse(result)
    made = edited.expected()
    edited.compare(made, read(after.root))
    edited.compare_bytes(made, after)
    start, end = edited.source.span(edited.source.root)
    assert result.startswith(edited.data[:start])
    assert result.endswith(edited.data[end:])


@given(randoms)
def test_no_edits_give_the_same_bytes(random: Random) -> None:
    edited = Edited(random)
    assert edited.splice.result() is edited.data
    for element, node in zip(edited.elements, edited.nodes, strict=True):
        for name, value in node.attributes.items():
            edited.splice.set_attribute(element, name, value)
        if not node.children:
            edited.splice.set_text(element, "".join(item for item in node.content if isinstance(item, str)))
    assert edited.splice.result() is edited.data


@pytest.mark.parametrize(
    "kind", ["set_attribute", "remove_attribute", "set_text", "insert", "remove", "replace"]
)
@given(random=randoms)
def test_one_edit_changes_one_range(kind: str, random: Random) -> None:
    edited = Edited(random)
    at = random.randrange(len(edited.nodes))
    try:
        getattr(edited, kind)(at)
    except ValueError:
        return
    data, result = edited.data, edited.splice.result()
    place = edited.source.place(edited.elements[at])
    if kind == "remove":
        lead = edited.source.width(edited.source.blank_before(place.start))
        assert result in {data[:start] + data[place.end :] for start in (place.start, place.start - lead)}
        return
    end = place.inside if "attribute" in kind else place.end
    assert result.startswith(data[: place.start])
    assert result.endswith(data[end:])
    if kind == "insert" and not place.is_empty_tag:
        added = len(result) - len(data)
        assert any(
            result[:at] + result[at + added :] == data for at in range(place.inside, place.outside + 1)
        ), "an insertion takes nothing away"
