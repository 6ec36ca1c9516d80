"""Elements: read, written, deleted, and where they stand afterwards."""

from __future__ import annotations

from typing import Final

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse
from xcap_sdk.errors import DocumentError
from xcap_sdk.probe.judging import Level, Part, deviates, expect, expect_status, expect_success
from xcap_sdk.probe.lab import BOOK, Lab
from xcap_sdk.protocol.messages import XCAP_ELEMENT
from xcap_sdk.protocol.profiles import Ability, Danger

ELEMENTS: Final = Part("Elements")

_LIST: Final = 'resource-lists/list[@name="a"]'
_SECOND: Final = f'{_LIST}/entry[@uri="sip:2@example.org"]'
_TEXT: Final = b'<entry uri="sip:2@example.org" x:kept="yes"><display-name>Two</display-name></entry>'
_LAST: Final = b'<entry uri="sip:3@example.org"/>'
_NEW: Final = '<entry uri="sip:new@example.org"/>'
_OTHER_ALPHABET: Final = BOOK.replace(b"a comment", "ein Schlüssel, ключ, 鍵".encode())


@ELEMENTS.check("8.3", Level.MUST, Ability.GET_ELEMENT)
def element_bytes(lab: Lab) -> None:
    """An element comes from its start tag to its end tag, without inherited declarations."""
    lab.fresh()
    _expect_element(lab, _SECOND, _TEXT)


@ELEMENTS.check("8.3", Level.MUST, Ability.GET_ELEMENT)
def element_behind_other_alphabets(lab: Lab) -> None:
    """An element behind text of other alphabets comes whole."""
    lab.fresh(_OTHER_ALPHABET)
    _expect_element(lab, f'{_LIST}/entry[@uri="sip:3@example.org"]', _LAST)


@ELEMENTS.check("8.3", Level.MUST, Ability.GET_ELEMENT)
def element_with_a_comment(lab: Lab) -> None:
    """A comment within an element comes with it."""
    lab.fresh()
    response = lab.get(_LIST)
    expect_status(response, 200)
    expect(response.body in BOOK and b"<!-- a comment -->" in response.body, "200 with other bytes")


@ELEMENTS.check("7.6", Level.MUST, Ability.GET_ELEMENT)
def element_type(lab: Lab) -> None:
    """An element comes as application/xcap-el+xml."""
    lab.fresh()
    response = lab.get(_SECOND)
    expect_status(response, 200)
    expect(response.media_type == XCAP_ELEMENT, response.media_type or "no Content-Type")


@ELEMENTS.check("8.3", Level.MUST, Ability.NOT_FOUND)
def missing_element(lab: Lab) -> None:
    """GET of an element that is not there is answered 404."""
    lab.fresh()
    expect_status(lab.get('resource-lists/list[@name="c"]'), 404)


@ELEMENTS.check("8.3", Level.MUST, Ability.ONE_NODE)
def several_elements(lab: Lab) -> None:
    """GET of a selector that fits several elements is answered 404."""
    lab.fresh()
    expect_status(lab.get(f"{_LIST}/entry"), 404)


@ELEMENTS.check("8.2.7", Level.MUST, Ability.CREATED)
def create_element(lab: Lab) -> None:
    """A new element is answered 201."""
    lab.fresh()
    expect_status(lab.put(f'{_LIST}/entry[@uri="sip:new@example.org"]', _NEW), 201)


@ELEMENTS.check("8.2.7", Level.MUST)
def replace_is_200(lab: Lab) -> None:
    """An element that is put again is answered 200."""
    lab.fresh()
    expect_status(lab.put(_SECOND, '<entry uri="sip:2@example.org"/>'), 200)


@ELEMENTS.check("8.2.3", Level.MUST, Ability.APPEND_ELEMENT)
def append_element(lab: Lab) -> None:
    """A new element comes right behind the last of its name."""
    lab.fresh()
    expect_success(lab.put(f'{_LIST}/entry[@uri="sip:new@example.org"]', _NEW))
    _expect_document(lab, BOOK.replace(_LAST, _LAST + _NEW.encode()))


@ELEMENTS.check("8.2.3", Level.MUST, Ability.APPEND_ELEMENT)
def append_first_of_its_name(lab: Lab) -> None:
    """The first element of its name comes behind everything else in its parent."""
    lab.fresh()
    new = '<external anchor="http://example.org/x"/>'
    expect_success(lab.put(f"{_LIST}/external", new))
    _expect_document(lab, BOOK.replace(b"\n  </list>", b"\n  " + new.encode() + b"</list>"))


@ELEMENTS.check("8.2.3", Level.MUST, Ability.INSERT_ELEMENT)
def insert_element(lab: Lab) -> None:
    """A new element with a position comes behind its predecessor."""
    lab.fresh()
    expect_success(lab.put(f'{_LIST}/entry[3][@uri="sip:new@example.org"]', _NEW))
    _expect_document(lab, BOOK.replace(_TEXT, _TEXT + _NEW.encode()))


@ELEMENTS.check("8.2.3", Level.MUST, Ability.INSERT_ELEMENT)
def insert_first(lab: Lab) -> None:
    """A new element with position 1 comes before the first of its name."""
    lab.fresh()
    expect_success(lab.put(f'{_LIST}/entry[1][@uri="sip:new@example.org"]', _NEW))
    first = b'<entry uri="sip:1@example.org"/>'
    _expect_document(lab, BOOK.replace(first, _NEW.encode() + first))


@ELEMENTS.check("8.2.4", Level.MUST, Ability.REPLACE_ELEMENT)
def replace_element(lab: Lab) -> None:
    """An element that is replaced keeps its place, and all else is as it was."""
    lab.fresh()
    new = '<entry uri="sip:2@example.org"/>'
    expect_success(lab.put(_SECOND, new))
    _expect_document(lab, BOOK.replace(_TEXT, new.encode()))


@ELEMENTS.check("8.2.4", Level.MUST, Ability.REPLACE_ELEMENT)
def replace_behind_other_alphabets(lab: Lab) -> None:
    """An element behind text of other alphabets is replaced as any."""
    lab.fresh(_OTHER_ALPHABET)
    new = '<entry uri="sip:3@example.org"><display-name>Three</display-name></entry>'
    expect_success(lab.put(f'{_LIST}/entry[@uri="sip:3@example.org"]', new))
    _expect_document(lab, _OTHER_ALPHABET.replace(_LAST, new.encode()))


@ELEMENTS.check("8.2.3", Level.MUST, Ability.APPEND_ELEMENT, Ability.REPLACE_ELEMENT)
def put_other_alphabets(lab: Lab) -> None:
    """An element with text of other alphabets is put, and comes back as it was put."""
    lab.fresh()
    new = '<entry uri="sip:new@example.org"><display-name>Zoë, Дмитрий, 李</display-name></entry>'
    selector = f'{_LIST}/entry[@uri="sip:new@example.org"]'
    expect_success(lab.put(selector, new))
    response = lab.get(selector)
    expect_status(response, 200)
    expect(response.body == new.encode(), "another element")


@ELEMENTS.check("8.4", Level.MUST, Ability.DELETE_ELEMENT)
def delete_element(lab: Lab) -> None:
    """An element that is deleted is gone, and nothing else; white space stays."""
    lab.fresh()
    expect_success(lab.delete(_SECOND))
    _expect_document(lab, BOOK.replace(_TEXT, b""))


@ELEMENTS.check("8.4", Level.MUST, Ability.DELETE_ELEMENT)
def delete_behind_other_alphabets(lab: Lab) -> None:
    """An element behind text of other alphabets is deleted as any."""
    lab.fresh(_OTHER_ALPHABET)
    expect_success(lab.delete(f'{_LIST}/entry[@uri="sip:3@example.org"]'))
    _expect_document(lab, _OTHER_ALPHABET.replace(_LAST, b""))


@ELEMENTS.check("8.4", Level.MUST, Ability.NOT_FOUND)
def delete_missing_element(lab: Lab) -> None:
    """DELETE of an element that is not there is answered 404."""
    lab.fresh()
    expect_status(lab.delete('resource-lists/list[@name="c"]'), 404)


@ELEMENTS.check("8.4", Level.MUST, Ability.ONE_NODE, danger=Danger.DELETE_SEVERAL)
def delete_several(lab: Lab) -> None:
    """DELETE of a selector that fits several elements is answered 404, and deletes none."""
    before = lab.fresh()
    response = lab.delete(f"{_LIST}/entry")
    if lab.read() != before:
        deviates(f"{response.status}, deleted", harms=True)
    expect_status(response, 404)


def _expect_element(lab: Lab, selector: str, body: bytes) -> None:
    response = lab.get(selector)
    expect_status(response, 200)
    expect(response.body == body, "200 with other bytes")


def _expect_document(lab: Lab, body: bytes) -> None:
    """See that the document is the one that it should be, byte for byte."""
    found = lab.read()
    if found == body:
        return
    order, wanted = _order(found), _order(body)
    if order != wanted:
        deviates(f"the order is {', '.join(order)}, and not {', '.join(wanted)}")
    deviates("written anew: bytes elsewhere changed")


def _order(document: bytes) -> list[str]:
    """What is in the first list, in order."""
    try:
        lists = list(parse(document, ResourceLists).lists)
    except DocumentError:
        deviates("the document is none any more")
    children = lists[0].items if lists else []
    names = (getattr(child, "uri", None) or type(child).__name__.lower() for child in children)
    return [name.removeprefix("sip:").partition("@")[0] for name in names]
