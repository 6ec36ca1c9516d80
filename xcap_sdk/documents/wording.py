"""What libxml2 says of a breach of a schema, in plain words."""

from __future__ import annotations

import re

from xcap_sdk.documents.schemas import bases

_SUBJECT = re.compile(r"^Element '([^']*)'(?:, attribute '([^']*)')?: ")
_NAMESPACE = re.compile(r"\{[^{}]*\}")
_REQUIRED = re.compile(r"The attribute '([^']*)' is required but missing\.")
_VALUE = re.compile(r"'(.*)' is not a valid value of the (?:atomic|union|list) type '([^']*)'\.", re.DOTALL)
# A value may hold anything, also what is said of values, so that it goes to where that is said last. What is
# behind it ends at a quote: two parts that match anything take time that grows with the square of its length.
_FACETS = [  # of elements the length is said without the value
    (re.compile(rf"\[facet '{facet}'\] The value (?:'(?P<value>.*)' )?{said}", re.DOTALL), words)
    for facet, said, words in (
        (
            "enumeration",
            r"is not an element of the set \{(?P<limit>[^{}]*)\}\.",
            "'{value}' is none of {limit}",
        ),
        ("pattern", r"is not accepted by the pattern '.*", "'{value}' has not the form that is asked for"),
        (
            "minInclusive",
            r"is less than the minimum value allowed \('(?P<limit>[^']*)'\)\.",
            "'{value}' is too small: it has to be at least {limit}",
        ),
        (
            "maxInclusive",
            r"is greater than the maximum value allowed \('(?P<limit>[^']*)'\)\.",
            "'{value}' is too large: it has to be at most {limit}",
        ),
        (
            "minExclusive",
            r"must be greater than '(?P<limit>[^']*)'\.",
            "'{value}' is too small: it has to be more than {limit}",
        ),
        (
            "maxExclusive",
            r"must be less than '(?P<limit>[^']*)'\.",
            "'{value}' is too large: it has to be less than {limit}",
        ),
        (
            "totalDigits",
            r"has more digits than are allowed \('(?P<limit>[^']*)'\)\.",
            "'{value}' has more digits than the {limit} allowed",
        ),
        (
            "fractionDigits",
            r"has more fractional digits than are allowed \('(?P<limit>[^']*)'\)\.",
            "'{value}' has more decimals than the {limit} allowed",
        ),
        (
            "length",
            r"has a length of '[^']*'; this differs from [^']*'(?P<limit>[^']*)'\.",
            "the length has to be {limit}",
        ),
        (
            "minLength",
            r"has a length of '[^']*'; this underruns [^']*'(?P<limit>[^']*)'\.",
            "it is too short: the length has to be at least {limit}",
        ),
        (
            "maxLength",
            r"has a length of '[^']*'; this exceeds [^']*'(?P<limit>[^']*)'\.",
            "it is too long: the length has to be at most {limit}",
        ),
    )
]
_FACET = re.compile(r"^\[facet '\w+'\] ")
_CUT = 63_990
"""Messages of so many bytes are cut by libxml2, so that they may end in the middle of a value."""
UNEXPECTED = "is not expected here"
LACKS = "lacks an element"
_EXPECTED = re.compile(r"[^.]*\. Expected is (?:one of )?\( (.*) \)\.")


def worded(message: str) -> tuple[str, str | None, str]:
    """The element and the attribute that are meant, and the message in plain words."""
    subject = _SUBJECT.match(message)
    name, attribute = (subject.group(1), subject.group(2)) if subject else ("", None)
    text = message[subject.end() :] if subject else message
    if len(message.encode()) >= _CUT:
        return name, attribute, _of_content(name, text) or _FACET.sub("", text)
    if required := _REQUIRED.fullmatch(text):
        return name, required.group(1), "is required, and missing"
    if text.endswith("is not allowed.") and attribute is not None:
        return name, attribute, f"the attribute {_local(attribute)} is not allowed here"
    return name, attribute, _of_value(text) or _of_content(name, text) or _NAMESPACE.sub("", text)


def _of_value(text: str) -> str | None:
    if value := _VALUE.fullmatch(text):
        return f"'{value.group(1)}' is no valid {_local(value.group(2))}{_hint(value.group(2))}"
    if facet := _FACET.match(text):
        known = ((words, found) for form, words in _FACETS if (found := form.fullmatch(text)))
        return next((words.format(**found.groupdict()) for words, found in known), text[facet.end() :])
    return None


def _hint(name: str) -> str:
    """What a value of a simple type has to be; empty if there is nothing short to say."""
    while name in bases():  # no type restricts itself, or the schema would not compile
        name = bases()[name]
    if _WHOLE.fullmatch(name):
        return ": it has to be a whole number"
    return f": it has to {_HINTS[name]}" if name in _HINTS else ""


def _of_content(name: str, text: str) -> str | None:
    expected = _EXPECTED.match(text)
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
