"""Reading and writing documents as the SDK does underneath, for tests of the classes alone."""

from __future__ import annotations

import importlib
import warnings
from typing import Any, TypeVar, cast

from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer

from xcap_documents._modules import MODULES

R = TypeVar("R")

for _name in MODULES.values():
    importlib.import_module(_name)

NAMESPACES = (
    'xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:pr="urn:ietf:params:xml:ns:pres-rules" '
    'xmlns:ocp="urn:oma:xml:xdm:common-policy" xmlns:opr="urn:oma:xml:prs:pres-rules" xmlns:f="urn:example:f"'
)


def read(xml: str, root: type[R]) -> R:
    """Parse a document; values that do not fit stay strings, without the warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return XmlParser().parse(etree.ElementTree(etree.fromstring(xml)), root)


def write(model: object) -> str:
    """Serialise a document canonically."""
    return etree.tostring(
        etree.fromstring(cast("Any", XmlSerializer()).render(model).encode()), method="c14n"
    ).decode()


def canonical(xml: str) -> str:
    """A document without the white space between its elements, with prefixes as `write` chooses them."""
    return etree.tostring(
        etree.fromstring(xml, etree.XMLParser(remove_blank_text=True)), method="c14n"
    ).decode()
