"""Writes a document the way nobody would expect: odd prefixes, quotes, references, comments, CDATA, line ends."""

from __future__ import annotations

from random import Random
from typing import Any

from lxml import etree

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
XML = "http://www.w3.org/XML/1998/namespace"
REFERENCES = {"<": "&lt;", "&": "&amp;", ">": "&gt;", "\t": "&#9;", '"': "&quot;", "'": "&#x27;"}


def odd(document: bytes, random: Random) -> bytes:
    """The same elements, attributes and texts, written otherwise, with comments and instructions in between."""
    root: Any = etree.fromstring(document)
    text = (
        random.choice(("", '<?xml version="1.0" encoding="UTF-8"?>\n', "<?xml version='1.0'?>"))
        + random.choice(("", "<!-- top -->\n", "<?top?>"))
        + _Writer(random).element(root, {"xml": XML})
        + random.choice(("", "\n", "\n<!-- end -->"))
    )
    if random.random() < 0.3 and not _has_line_ends(root):
        text = text.replace("\n", "\r\n")
    return random.choice((b"", b"", b"\xef\xbb\xbf")) + text.encode()


def _has_line_ends(root: Any) -> bool:
    return any(
        "\n" in text
        for each in root.iter("*")
        for text in (each.text or "", each.tail or "", *each.attrib.values())
        if text.strip()
    )


class _Writer:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._number = 0

    def element(self, element: Any, around: dict[str | None, str]) -> str:
        """An element, without what follows it."""
        random = self._random
        scope, declared = dict(around), dict[str | None, str]()

        def declare(prefix: str | None, uri: str) -> None:
            scope[prefix] = declared[prefix] = uri

        if XSI_TYPE in element.attrib:
            prefix, colon, _ = element.get(XSI_TYPE).rpartition(":")
            if element.nsmap.get(prefix or None):
                declare(prefix if colon else None, element.nsmap[prefix or None])
        name = etree.QName(element)
        if name.namespace is None:
            if scope.get(None):
                declare(None, "")
            tag = name.localname
        else:
            known = [prefix for prefix, uri in scope.items() if uri == name.namespace and prefix != "xml"]
            if not known or random.random() < 0.1:
                prefix = None if None not in declared and random.random() < 0.4 else self._fresh("p")
                declare(prefix, name.namespace)
                known = [prefix]
            prefix = random.choice(known)
            tag = f"{prefix}:{name.localname}" if prefix else name.localname
        attributes = ""
        for key, value in element.attrib.items():
            attribute = etree.QName(key)
            full = attribute.localname
            if attribute.namespace is not None:
                known = [prefix for prefix, uri in scope.items() if uri == attribute.namespace and prefix]
                if not known:
                    declare(self._fresh("q"), attribute.namespace)
                    known = [list(scope)[-1]]
                full = f"{random.choice(known)}:{full}"
            attributes += self._attribute(full, value)
        start = tag + "".join(
            self._attribute(f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in declared.items()
        )
        content = self._content(element, scope)
        end = random.choice(("", " "))
        if not content:
            return random.choice((f"<{start}{attributes}{end}/>", f"<{start}{attributes}></{tag}{end}>"))
        return f"<{start}{attributes}{end}>{content}</{tag}{end}>"

    def _content(self, element: Any, scope: dict[str | None, str]) -> str:
        children = list(element.iterchildren("*"))
        texts = [element.text or "", *(child.tail or "" for child in children)]
        if children and not any(text.strip() for text in texts):
            return "".join(self._aside() + self.element(child, scope) for child in children) + self._aside()
        written = self._text(texts[0])
        for child, text in zip(children, texts[1:], strict=True):
            written += self.element(child, scope) + self._text(text)
        return written

    def _aside(self) -> str:
        random = self._random
        blank = ("", "\n", "\n  ", "  \n\t", " ")
        node = random.choice(("", "", "", f"<!-- {self._fresh('c')} < & -->", f"<?p {self._fresh('i')}?>"))
        return random.choice(blank) + node + random.choice(blank)

    def _text(self, text: str) -> str:
        cut = self._random.randint(0, len(text))
        first, last = text[:cut], text[cut:]
        way = self._random.choice(("plain", "plain", "comment", "cdata", "instruction"))
        if way == "cdata" and text and "]]>" not in last:
            return f"{self._escaped(first)}<![CDATA[{last}]]>"
        between = {"comment": "<!-- & -->", "instruction": "<?q?>"}.get(way, "") if text else ""
        return (self._escaped(first) + between + self._escaped(last)).replace("]]>", "]]&gt;")

    def _attribute(self, name: str, value: str) -> str:
        random = self._random
        quote = random.choice("\"'")
        space, equals = random.choice((" ", "  ", "\n")), random.choice(("=", " = "))
        return f"{space}{name}{equals}{quote}{self._escaped(value, quote)}{quote}"

    def _escaped(self, text: str, quote: str = "") -> str:
        done = ""
        for char in text:
            must = char in "<&" or char == quote or (char in "\t\n\r" and (quote or char == "\r"))
            if must or (char in REFERENCES and self._random.random() < 0.5):
                done += REFERENCES.get(char, f"&#{ord(char)};")
            elif self._random.random() < 0.05:
                done += f"&#{ord(char)};"
            else:
                done += char
        return done.replace("]]>", "]]&gt;")

    def _fresh(self, stem: str) -> str:
        self._number += 1
        return f"{stem}{self._number}"
