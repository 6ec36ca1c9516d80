"""What libxml2 says of a breach of a schema, in plain words."""

from __future__ import annotations

import re

from xcap_sdk.documents.schemas import bases

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
_FACETS = [  # of elements the length is said without the value
    (re.compile(rf"The value (?:'(?P<value>.*)' )?{said} ?\(?'(?P<limit>.*)'\)?\.", re.DOTALL), words)
    for said, words in {
        "is less than the minimum value allowed": "'{value}' is too small: it has to be at least {limit}",
        "is greater than the maximum value allowed": "'{value}' is too large: it has to be at most {limit}",
        "must be greater than": "'{value}' is too small: it has to be more than {limit}",
        "must be less than": "'{value}' is too large: it has to be less than {limit}",
        "has more digits than are allowed": "'{value}' has more digits than the {limit} allowed",
        "has more fractional digits than are allowed": "'{value}' has more decimals than the {limit} allowed",
        "has a length of .*; this differs from .*": "the length has to be {limit}",
        "has a length of .*; this underruns .*": "it is too short: the length has to be at least {limit}",
        "has a length of .*; this exceeds .*": "it is too long: the length has to be at most {limit}",
    }.items()
]
_FACET = re.compile(r"\[facet '\w+'\] ")
UNEXPECTED = "is not expected here"
LACKS = "lacks an element"
_EXPECTED = re.compile(r" Expected is (?:one of )?\( (.*) \)\.")


def worded(message: str) -> tuple[str, str | None, str]:
    """The element and the attribute that are meant, and the message in plain words."""
    subject = _SUBJECT.match(message)
    name, attribute = (subject.group(1), subject.group(2)) if subject else ("", None)
    text = message[subject.end() :] if subject else message
    if required := _REQUIRED.fullmatch(text):
        return name, required.group(1), "is required, and missing"
    if text.endswith("is not allowed.") and attribute is not None:
        return name, attribute, f"the attribute {_local(attribute)} is not allowed here"
    return name, attribute, _of_value(text) or _of_content(name, text) or _NAMESPACE.sub("", text)


def _of_value(text: str) -> str | None:
    if value := _VALUE.fullmatch(text):
        return f"'{value.group(1)}' is no valid {_local(value.group(2))}{_hint(value.group(2))}"
    if choice := _SET.fullmatch(text):
        return f"'{choice.group(1)}' is none of {choice.group(2)}"
    if pattern := _PATTERN.fullmatch(text):
        return f"'{pattern.group(1)}' has not the form that is asked for"
    if facet := _FACET.match(text):
        said = text[facet.end() :]
        known = ((words, found) for form, words in _FACETS if (found := form.fullmatch(said)))
        return next((words.format(**found.groupdict()) for words, found in known), said)
    return None


def _hint(name: str) -> str:
    """What a value of a simple type has to be; empty if there is nothing short to say."""
    while name in bases():  # no type restricts itself, or the schema would not compile
        name = bases()[name]
    if _WHOLE.fullmatch(name):
        return ": it has to be a whole number"
    return f": it has to {_HINTS[name]}" if name in _HINTS else ""


def _of_content(name: str, text: str) -> str | None:
    expected = _EXPECTED.search(text)
    names = f"; expected: {_names(expected.group(1))}" if expected else ""
    if text.startswith("This element is not expected."):
        return f"the element {_local(name)} {UNEXPECTED}{names}"
    if text.startswith("Missing child element(s)."):
        return f"{LACKS}{names}"
    return None


_WHOLE = re.compile(
    r"xs:(integer|(non)?(Posi|posi|Nega|nega)tiveInteger|(unsigned)?([Ll]ong|[Ii]nt|[Ss]hort|[Bb]yte))"
)
_HINTS = {
    "xs:ID": (
        "begin with a letter or _, to have only letters, digits and . - _, and to be on no other element"
    ),
    "xs:boolean": "be true or false",
    "xs:decimal": "be a number",
    "xs:dateTime": "be a date and time like 2025-12-31T23:59:00Z",
    "xs:date": "be a date like 2025-12-31",
}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _names(expected: str) -> str:
    parts = (
        "any element of another namespace" if "##other" in part else _local(part)
        for part in expected.split(", ")
    )
    return ", ".join(dict.fromkeys(parts))
