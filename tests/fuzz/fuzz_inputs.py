"""Inputs made to break things: valid ones, changed at random in what matters to the grammars, and pure noise."""

from __future__ import annotations

from functools import cache
from random import Random

from hypothesis import strategies as st
from hypothesis.errors import HypothesisDeprecationWarning, UnsatisfiedAssumption

from instances import model_of
from odd_xml import odd
from xcap_sdk import serialize, to_json
from xcap_sdk.usages import ALL

TOKENS = [
    "<", ">", "/>", "</", "&", "&amp;", "&#0;", "&#x110000;", "]]>", "<![CDATA[", "<!--", "-->", "<?xml", "?>", "<!DOCTYPE x>",
    "<!DOCTYPE x [<!ENTITY e 'e'>]>", '"', "'", "=", " ", "\n", "\t", "\r", "\0", "\x1b", "\x85", "\u2028", "\ufeff", "\ufffe", "é", "😀",
    "xmlns=''", "xmlns:x='urn:x'", "xmlns:xml='a'", "xml:id='a'", "xsi:type='a'", "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'",
    "encoding='utf-16'", "encoding='x'", "version='1.1'", "standalone='no'",
    "/", "//", "/~~/", "~~", "..", "[", "]", "[1]", "[0]", "[-1]", "[@a='b']", "[99999999999999999999]", "*", "@", "@*", ":", "::", "namespace::*",
    "namespace::a", "text()", "comment()", "processing-instruction()", "node()", "id('a')", "(", ")", "^", "xmlns(a=b)", "?", "#", "%", "%zz", "%00", "%2F", "%C3",
    ",", ";", "\\", '\\"', "Digest ", "Basic ", "nonce=", 'realm="', "stale=true", "algorithm=MD5-sess", "qop=\"auth,auth-int\"", "charset=UTF-8",
    "{", "}", "null", "true", "NaN", "Infinity", "-0", "1e999", "1" * 5_000, "[" * 300, '{"a":' * 300, "\\ud800", "\\u0000", '"$type"', '"$element"',
    "http://", "https://", "sip:", "@example.org", "[::1]", ":99999", "user:pw@", "XCAP_ROOT=", "export ", "${XCAP_USER}", "#",
]  # fmt: skip
_DIFF = (
    '<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xmlns:r="urn:ietf:params:xml:ns:resource-lists" '
    'xcap-root="https://xcap.example.org/root">'
    '<document sel="resource-lists/users/sip:a@b.c/index" previous-etag="1" new-etag="2">'
    '<add sel="r:resource-lists/r:list[1]" pos="prepend"><r:entry uri="sip:x@y.z"/></add>'
    '<add sel="*/*[1]" type="@name">n</add><add sel="*" type="namespace::q">urn:q</add>'
    '<replace sel="*/*[1]/@name">m</replace><remove sel="*/*[2]" ws="both"/></document>'
    '<document sel="rls-services/users/sip:a@b.c/index" new-etag="7"/>'
    '<element sel="resource-lists/users/sip:a@b.c/index/~~/resource-lists/list"><r:list/></element>'
    '<attribute sel="resource-lists/users/sip:a@b.c/index/~~/resource-lists/list/@name">x</attribute></xcap-diff>'
)
_FAULT = (
    '<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error"><{0} phrase="p"><exists field="a/b/@c">'
    "<alt-value>x</alt-value></exists><ancestor>http://x/a</ancestor></{0}></xcap-error>"
)
_CHALLENGES = [
    'Digest realm="a", nonce="n", qop="auth,auth-int", algorithm=SHA-256, opaque="o", stale=false, charset=UTF-8',
    'Digest realm="a\\"b", nonce="n", algorithm=MD5-sess, Basic realm="b"',
    'Bearer scope="a b", error="invalid_token", Basic realm="x", charset="UTF-8", Negotiate abc==',
    'nextnonce="n", qop=auth, rspauth="0", cnonce="c", nc=00000001',
]
_CREDENTIALS = [
    'Digest username="alice", realm="xcap", nonce="n", uri="/a", nc=00000001, cnonce="c", qop=auth, response="0"',
    "Digest username*=UTF-8''al%C3%A9, realm=\"xcap\", nonce=n, uri=/a, algorithm=SHA-256, qop=auth",
    "Basic YWxpY2U6c2VjcmV0",
]
_PROFILE = (
    '{"name": "Mine", "servers": ["kamailio"], "right": ["if-match", "get-element"], "wrong": ["created"], '
    '"dangers": ["get-namespaces"], "busy": [500, 503], "max_document": 65536}'
)
_ENVIRONMENT = (
    "XCAP_ROOT=https://xcap.example.org/root\nXCAP_USER='sip:a@b.c'\nXCAP_TRIES=3\n"
    "XCAP_TOKEN=t\nXCAP_TIMEOUT=2.5\n"
)


@cache
def models(auid: str) -> list[object]:
    """Valid models of a usage."""
    usage, found = next(usage for usage in ALL if usage.auid == auid), list[object]()
    for seed in range(5):
        try:
            found.append(model_of(usage, seed))
        except (UnsatisfiedAssumption, HypothesisDeprecationWarning):
            continue  # it drew what XML cannot hold
    return found


@cache
def documents(auid: str) -> list[bytes]:
    """Valid documents of a usage, oddly written; one in UTF-16."""
    plain = [serialize(model) for model in models(auid)]
    return [odd(each, Random(seed)) for seed, each in enumerate(plain)] + [plain[0].decode().encode("utf-16")]


@cache
def json_forms(auid: str) -> list[bytes]:
    """The JSON of valid documents of a usage."""
    return [to_json(model).encode() for model in models(auid)]


def mutated(corpus: list[bytes], random: Random) -> bytes:
    """One of them with a few changes: bytes, tokens put in, ranges gone, doubled or moved, ends cut off."""
    data = bytearray(random.choice(corpus))
    for _ in range(random.choice((0, 1, 1, 2, 3, 8))):
        start = random.randrange(len(data) + 1)
        end = min(len(data), start + random.choice((1, 2, 5, 20, 200)))
        match random.randrange(7):
            case 0 if data:
                data[min(start, len(data) - 1)] = random.randrange(256)
            case 1:
                data[start:start] = random.choice(TOKENS).encode()
            case 2:
                data[start:end] = random.choice(TOKENS).encode()
            case 3:
                del data[start:end]
            case 4:
                data[end:end] = data[start:end]
            case 5:
                other = random.choice(corpus)
                at = random.randrange(len(other) + 1)
                data[start:end] = other[at : at + 100]
            case _:
                del data[random.choice((start, len(data))) :]
    return bytes(data)


def noise(random: Random) -> bytes:
    """Tokens and bytes in any order."""
    pieces = [
        random.choice(TOKENS).encode() if random.random() < 0.8 else random.randbytes(3)
        for _ in range(random.randrange(12))
    ]
    return b"".join(pieces)


def hostile(*seeds: str | bytes) -> st.SearchStrategy[bytes]:
    """Changed forms of some inputs, noise, and what Hypothesis comes to think of."""
    corpus = [seed.encode() if isinstance(seed, str) else seed for seed in seeds]
    randoms = st.integers(0, 2**64 - 1).map(Random)
    return st.one_of(
        randoms.map(lambda random: mutated(corpus, random)),
        randoms.map(lambda random: mutated(corpus, random)),
        randoms.map(noise),
        st.binary(max_size=60),
        st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )


def text_of(data: bytes) -> str:
    """As text, with what is no UTF-8 kept as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def field_of(data: bytes) -> str:
    """As the value of a header field: a character for each byte, no line ends."""
    return data.decode("latin-1").translate({10: None, 13: None, 0: None})


SELECTORS = hostile(
    "resource-lists/list[@name=\"a&quot;b\"]/entry[2][@uri='x']/@uri",
    "a:ruleset/*[3]/namespace::*",
    "%2A/list%5b@name=%22l%22%5d?xmlns(a=urn:a)xmlns(b=urn:b)",
)
PATHS = hostile(
    "resource-lists/users/sip:a@b.c/index/~~/resource-lists/list%5b1%5d?xmlns(a=b)", "x/global/a/b"
)
ROOTS = hostile("https://xcap.example.org:8443/a%20b/", "http://[2001:db8::1]/xcap-root", "http://u:p@h/?q#f")
DIFFS = hostile(_DIFF)
FAULTS = hostile(
    *(
        _FAULT.format(kind)
        for kind in ("uniqueness-failure", "no-parent", "extension", "cannot-insert", "not-well-formed")
    )
)
CHALLENGES = hostile(*_CHALLENGES)
CREDENTIALS = hostile(*_CREDENTIALS)
TAGS = hostile('"a", W/"b" , "c"', "*", '"a"')
PROFILES = hostile(_PROFILE)
ENVIRONMENTS = hostile(_ENVIRONMENT)
