"""Whether documents follow their schema and their usage's rules, with the places of what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from lxml import etree

from xcap_sdk.documents.asking import class_problems
from xcap_sdk.documents.binding import bind, serialize
from xcap_sdk.documents.bounded import MOST, beyond, counted, told
from xcap_sdk.documents.classes import meta_of
from xcap_sdk.documents.findings import Finding, findings
from xcap_sdk.documents.limits import UNLIMITED
from xcap_sdk.documents.outline import Outline, namespace_of
from xcap_sdk.documents.placing import Placer
from xcap_sdk.documents.schemas import Schema, schema_for
from xcap_sdk.documents.xml import ElementTree, parse_xml
from xcap_sdk.errors import InvalidDocument, Problem, UnexpectedDocument
from xcap_sdk.protocol.wording import harmless

Rule: TypeAlias = Callable[[Any], Iterable[Problem]]
"""A check beyond the schema: gives the problems of a model."""

_ONE_ID = "an id is unique in the whole document, so give one of the two another one"

_LONG = 64 * 1024
"""From so many bytes on it pays to validate while parsing."""

SCHEMA = "schema"
"""What problems of the schema carry as their rule."""


def validate(model: object, *, schema: Path | None = None, checks: Sequence[Rule] = ()) -> None:
    """Check a model as the document that it would be.

    Args:
        model: An instance of a document class.
        schema: An XSD of one's own; None for the one that comes along, if it knows the document's namespace.
        checks: Rules beyond the schema.

    Raises:
        InvalidDocument: It breaks the schema or a rule; `problems` holds the first 100 of each, and
            one that says how many more there are.
    """
    outline = Outline.of(model)
    problems = _problems(parse_xml(serialize(model), UNLIMITED), schema, outline)
    problems += told(rule_problems(checks, model, broken=bool(problems)))
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
        UnexpectedDocument: It has another root element, or a class of one's own refuses it.
        InvalidDocument: It breaks the schema or a rule; `problems` holds the first 100 of each, and
            one that says how many more there are.
    """
    problems = schema_problems(document, schema, root)
    problems += told(rule_problems(checks, bind(parse_xml(document), root), broken=bool(problems)))
    refuse(problems, root.__name__)


def rule_problems(
    checks: Iterable[Rule],
    model: object,
    *,
    broken: bool,
    failed: set[int] | None = None,
    thorough: bool = False,
) -> Iterator[Problem]:
    """What rules beyond the schema refuse in a model.

    Rules are written for documents that have the form that their schema asks for. Of one that has not, a rule
    that cannot cope says what it found until then.

    Args:
        checks: The rules.
        model: The document's model.
        broken: Whether the document breaks its schema.
        failed: Takes the numbers of the rules that could not cope.
        thorough: Whether to look for more than `MOST_COUNTED` and one more of each rule.

    Yields:
        The problems, rule by rule.
    """
    for number, check in enumerate(checks):
        try:
            found = check(model)
            yield from found if thorough else counted(found)
        except Exception:
            if not broken:
                raise
            if failed is not None:
                failed.add(number)


def refuse(problems: Sequence[Problem], what: str) -> None:
    """Raise what was found.

    Raises:
        InvalidDocument: There are problems.
    """
    if problems:
        count = "many problems" if len(problems) > MOST else f"{len(problems)} problems"
        count = "a problem" if len(problems) == 1 else count
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
        The problems in document order, the first `MOST` and one that says how many more there are; for a
        document of a namespace without schema what the class asks for and the document lacks.

    Raises:
        NotWellFormed: It is no well-formed XML document.
        ForbiddenXml: It has a DOCTYPE, or more of something than the limits allow.
    """
    tree = parse_xml(document) if isinstance(document, bytes) else document
    return _problems(tree, schema, root)


def parse_valid(document: bytes, root: type[Any], schema: Path | None = None) -> ElementTree | None:
    """Parse a long document that is probably valid.

    Args:
        document: The document.
        root: The class of its root element.
        schema: An XSD of one's own; None for the one that comes along.

    Returns:
        The tree; None if `schema_problems` has to say whether the document is valid.
    """
    compiled = schema_for(schema) if len(document) >= _LONG else None
    if compiled is None or (schema is None and namespace_of(meta_of(root).qname) not in compiled.namespaces):
        return None
    return compiled.parse(document)


def _problems(tree: ElementTree, schema: Path | None, model: Outline | type[Any] | None) -> list[Problem]:
    compiled = governing(tree, schema)
    if compiled is None:
        outline = outlined(tree, model)
        return [] if outline is None else told(class_problems(outline))
    found = findings(compiled, tree)
    return placed(found, outlined(tree, model)) if found else []


def governing(tree: ElementTree, schema: Path | None) -> Schema | None:
    """The schema for a document; None if there is none for its namespace.

    Args:
        tree: The document.
        schema: An XSD of one's own; None for the one that comes along.
    """
    compiled = schema_for(schema)
    known = schema is not None or etree.QName(tree.getroot()).namespace in compiled.namespaces
    return compiled if known else None


def outlined(tree: ElementTree, model: Outline | type[Any] | None) -> Outline | None:
    """The outline of a document's model; None if there is no class for it."""
    if not isinstance(model, type):
        return model
    try:
        return Outline.of(bind(tree, model))
    except UnexpectedDocument:
        return None


def placed(found: Sequence[Finding], outline: Outline | None) -> list[Problem]:
    """What a schema refuses, by its place in the model: the first `MOST`, and how many more.

    Args:
        found: What it refuses.
        outline: The outline of the document's model; None to name the places by the document's elements.
    """
    problems: list[Problem] = []
    placer = Placer(outline)
    for each in found[:MOST]:
        message = harmless(each.message)  # libxml2 quotes values as they are
        if each.owner is not None and each.attribute is not None:
            taken = placer.place(each.owner, each.attribute)
            message = f"{each.owner.get(each.attribute, '')!r} is {taken} already: {_ONE_ID}"
        if each.element is None:
            where = each.path + (f"/@{each.attribute}" if each.attribute else "")
        else:
            where = placer.place(each.element, each.attribute)
        problems.append(Problem(where, SCHEMA, message))
    if len(found) > MOST:
        problems.append(Problem("", SCHEMA, beyond(len(found))))
    return problems
