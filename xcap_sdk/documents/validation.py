"""Whether documents follow their schema and their usage's rules, with the places of what does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias, cast

from lxml import etree

from xcap_sdk.documents.binding import bind, serialize
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import place
from xcap_sdk.documents.schemas import Breach, schema_for
from xcap_sdk.documents.xml import Element, ElementTree, parse_xml
from xcap_sdk.errors import InvalidDocument, Problem, UnexpectedDocument

Rule: TypeAlias = Callable[[object], Iterable[Problem]]
"""A check beyond the schema: gives the problems of a model."""

MOST = 100
"""So many breaches of the schema are reported at most."""

SCHEMA = "schema"
"""What problems of the schema carry as their rule."""


def validate(model: object, *, schema: Path | None = None, checks: Sequence[Rule] = ()) -> None:
    """Check a model as the document that it would be.

    Args:
        model: An instance of a document class.
        schema: An XSD of one's own; None for the one that comes along, if it knows the document's namespace.
        checks: Rules beyond the schema.

    Raises:
        InvalidDocument: It breaks the schema or a rule; `problems` holds all of them.
    """
    outline = Outline.of(model)
    problems = _problems(parse_xml(serialize(model)), schema, outline)
    problems += [problem for check in checks for problem in check(model)]
    refuse(problems, type(model).__name__)


def check_document(
    document: bytes, root: type[Any], *, schema: Path | None = None, checks: Sequence[Rule] = ()
) -> None:
    """Check a document as it would be sent.

    Args:
        document: The document.
        root: The class of its root element.
        schema: An XSD of one's own; None for the one that comes along, if it knows the document's namespace.
        checks: Rules beyond the schema.

    Raises:
        NotWellFormed: It is no well-formed XML document.
        ForbiddenXml: It has a DOCTYPE, or more of something than the limits allow.
        UnexpectedDocument: It has another root element, or lacks what its classes cannot be made without.
        InvalidDocument: It breaks the schema or a rule; `problems` holds all of them.
    """
    problems = schema_problems(document, schema, root)
    model = None if problems and not checks else bind(parse_xml(document), root)
    problems += [problem for check in checks for problem in check(model)]
    refuse(problems, root.__name__)


def refuse(problems: Sequence[Problem], what: str) -> None:
    """Raise what was found.

    Raises:
        InvalidDocument: There are problems.
    """
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise InvalidDocument(f"this {what} is not valid, it has {count}:", problems=tuple(problems))


def schema_problems(
    document: bytes | ElementTree, schema: Path | None = None, root: type[Any] | None = None
) -> list[Problem]:
    """What the schema refuses in a document.

    Args:
        document: The document; if parsed, then freshly and not validated before.
        schema: An XSD of one's own; None for the one that comes along, if it knows the document's namespace.
        root: The class of its root element, to say where the problems are in the model.

    Returns:
        The problems in document order, at most `MOST`; none for a document of a namespace without schema.

    Raises:
        NotWellFormed: It is no well-formed XML document.
        ForbiddenXml: It has a DOCTYPE, or more of something than the limits allow.
    """
    tree = parse_xml(document) if isinstance(document, bytes) else document
    return _problems(tree, schema, root)


def _problems(tree: ElementTree, schema: Path | None, model: Outline | type[Any] | None) -> list[Problem]:
    compiled = schema_for(schema)
    namespace = etree.QName(tree.getroot()).namespace
    if schema is None and namespace not in compiled.namespaces:
        return []
    breaches = compiled.breaches(tree)
    if not breaches:
        return []
    return list(_readable(tree, breaches, _outlined(tree, model)))


def _outlined(tree: ElementTree, model: Outline | type[Any] | None) -> Outline | None:
    if not isinstance(model, type):
        return model
    try:
        return Outline.of(bind(tree, model))
    except UnexpectedDocument:
        return None


def _readable(tree: ElementTree, breaches: Sequence[Breach], outline: Outline | None) -> Iterator[Problem]:
    seen: set[tuple[str, str | None]] = set()
    for breach in breaches[:MOST]:
        attribute, message = _worded(breach.message)
        where = (breach.path, attribute)
        if where in seen and "is no valid" in message:
            continue  # said already, and better, by the facet that the value breaks
        seen.add(where)
        element = find_path(tree.getroot(), breach.path)
        owner = (
            None if element is None or attribute is None else owner_of_id(element, attribute, breach.message)
        )
        if owner is not None:
            taken = _place(tree, outline, owner, attribute)
            message = f"{owner.get(attribute or '')!r} is {taken} already: {_ONE_ID}"
        if element is None:
            yield Problem(breach.path + (f"/@{attribute}" if attribute else ""), SCHEMA, message)
        else:
            yield Problem(_place(tree, outline, element, attribute), SCHEMA, message)


def _place(tree: ElementTree, outline: Outline | None, element: Element, attribute: str | None) -> str:
    if outline is None:
        return tree.getpath(element) + (f"/@{attribute}" if attribute else "")
    steps, whole = steps_to(outline, element)
    return place(outline, steps, attribute if whole else None)


def owner_of_id(element: Element, attribute: str | None, message: str) -> Element | None:
    """The element that comes first with an ID that another one has too; IDs are unique in a whole document.

    Args:
        element: An element of a document that was validated, so that libxml2 knows its IDs.
        attribute: The attribute that the schema refuses.
        message: Why it does, in libxml2's words.

    Returns:
        None if that is not what is wrong, such as for an ID that is no XML name.
    """
    if attribute is None or not message.endswith("atomic type 'xs:ID'."):
        return None
    found = cast("list[Element]", element.xpath("id($value)", value=element.get(attribute, "")))
    return found[0] if found and found[0] is not element else None


def steps_to(outline: Outline, element: Element) -> tuple[list[int], bool]:
    """Where an element of a document is in its model.

    Args:
        outline: The outline of the document's model.
        element: An element of the document.

    Returns:
        The positions of the children from the root down, and whether they lead to the element itself: of what
        the model does not hold they lead to the nearest element that it does.
    """
    path = [element, *(parent for parent in element.iterancestors())][::-1]
    steps: list[int] = []
    for child in path[1:]:
        parent = child.getparent()
        assert parent is not None
        like = [each for each in parent if each.tag == child.tag]
        candidates = [index for index, each in enumerate(outline.children) if each.name == child.tag]
        number = like.index(child)
        if number >= len(candidates):
            return steps, False
        steps.append(candidates[number])
        outline = outline.children[candidates[number]]
    return steps, True


_STEP = re.compile(r"(?:([^:\[/]+):)?([^:\[/]+)(?:\[(\d+)\])?")


def find_path(root: Element, path: str) -> Element | None:
    """The element that a path of libxml2 leads to, in which * counts all elements; None if there is none."""
    found: Element | None = None
    children: list[Element]
    for prefix, name, position in (match.groups() for match in _STEP.finditer(path)):
        children = [root] if found is None else [child for child in found if isinstance(child.tag, str)]
        if name != "*":
            children = [
                child for child in children if child.prefix == prefix and etree.QName(child).localname == name
            ]
        index = int(position or 1) - 1
        if index >= len(children):
            return None
        found = children[index]
    return found


_SUBJECT = re.compile(r"^Element '([^']*)'(?:, attribute '([^']*)')?: ")
_NAMESPACE = re.compile(r"\{[^{}]*\}")
_REQUIRED = re.compile(r"The attribute '([^']*)' is required but missing\.")
_VALUE = re.compile(r"'(.*)' is not a valid value of the (?:atomic|union|list) type '([^']*)'\.", re.DOTALL)
_SET = re.compile(
    r"\[facet 'enumeration'\] The value '(.*)' is not an element of the set \{(.*)\}\.", re.DOTALL
)
_PATTERN = re.compile(
    r"\[facet 'pattern'\] The value '(.*)' is not accepted by the pattern '.*'\.", re.DOTALL
)
_EXPECTED = re.compile(r" Expected is (?:one of )?\( (.*) \)\.")


def _worded(message: str) -> tuple[str | None, str]:
    """The attribute that is meant, and the message in plain words."""
    subject = _SUBJECT.match(message)
    name, attribute = (subject.group(1), subject.group(2)) if subject else ("", None)
    text = message[subject.end() :] if subject else message
    if required := _REQUIRED.fullmatch(text):
        return required.group(1), "is required, and missing"
    if text.endswith("is not allowed.") and attribute is not None:
        return attribute, f"the attribute {_local(attribute)} is not allowed here"
    return attribute, _of_value(text) or _of_content(name, text) or _NAMESPACE.sub("", text)


def _of_value(text: str) -> str | None:
    if value := _VALUE.fullmatch(text):
        return f"'{value.group(1)}' is no valid {_local(value.group(2))}{_HINTS.get(value.group(2), '')}"
    if choice := _SET.fullmatch(text):
        return f"'{choice.group(1)}' is none of {choice.group(2)}"
    if pattern := _PATTERN.fullmatch(text):
        return f"'{pattern.group(1)}' has not the form that is asked for"
    return None


def _of_content(name: str, text: str) -> str | None:
    expected = _EXPECTED.search(text)
    names = f"; expected: {_names(expected.group(1))}" if expected else ""
    if text.startswith("This element is not expected."):
        return f"the element {_local(name)} is not expected here{names}"
    if text.startswith("Missing child element(s)."):
        return f"lacks an element{names}"
    return None


_ONE_ID = "an id is unique in the whole document, so give one of the two another one"
_HINTS = {
    "xs:ID": ": it begins with a letter or _, has only letters, digits and . - _, and no other element has it"
}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _names(expected: str) -> str:
    parts = (
        "any element of another namespace" if "##other" in part else _local(part)
        for part in expected.split(", ")
    )
    return ", ".join(dict.fromkeys(parts))
