"""What Hypothesis makes up for the protocol: names, values and addresses as hostile as they are legal."""

from __future__ import annotations

from hypothesis import strategies as st

from xcap_sdk.protocol import (
    AttributeStep,
    DocumentAddress,
    NamespaceStep,
    NodeSelector,
    Step,
    XcapRoot,
)

ROOTS = [
    XcapRoot("https://xcap.example.org"),
    XcapRoot("http://localhost:8000/xcap-root"),
    XcapRoot("https://[2001:db8::1]:8443/a%20b/services"),
]

# Pieces that some layer gives a meaning: XML, percent-encoding, URIs, selectors, XPointer.
_PIECES = [
    '"', "'", "&", "<", ">", "%", "#", "?", "/", "~~", "/~~/", "[", "]", " ", "  ", "é", "ア", "😀", "..", "/../", ".",
    "\n", "\t", "\r", "\r\n", "&amp;", "&#10;", "&quot;", "%2F", "%22", "%zz", "+", "=", "@", "(", ")", "^", "^^", ";",
    "]]>", "<!--", "*", "\\", "`", "{", "}", "|", "\x7f", "\x85", "\u2028", "\ufeff", "a", "B", "0", "-", ":",
    'xmlns(a=b)', "']", '"]', "[1]", "namespace::*",
]  # fmt: skip

xml_characters = st.characters(
    codec="utf-8",
    exclude_categories=("Cs",),
    exclude_characters="".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])),
)
values = st.lists(st.one_of(st.sampled_from(_PIECES), xml_characters), max_size=8).map("".join)

ncnames = st.builds(
    str.__add__,
    st.sampled_from(["a", "list", "_", "É", "日本", "namespace", "xm", "users", "𠀀"]),
    st.text(st.sampled_from("aZ09._-·éア"), max_size=4),
)
prefixes = ncnames.filter(lambda name: name not in {"xml", "xmlns"})
qnames = st.one_of(ncnames, st.builds("{}:{}".format, st.sampled_from(["a", "b", "é-1", "xml"]), ncnames))
namespace_uris = st.one_of(
    st.sampled_from(
        ["urn:ietf:params:xml:ns:pres-rules", "http://example.org/a?b=c&d#e", "urn:(a", "urn:)^("]
    ),
    st.text(st.sampled_from("urn:()^%/?#&+é😀'\"<=[]x"), min_size=1, max_size=12),
)

steps = st.builds(
    Step,
    st.one_of(qnames, st.just("*")),
    st.none() | st.integers(0, 10**18 - 1),
    st.none() | st.tuples(qnames, values),
)
bindings = st.dictionaries(prefixes, namespace_uris, max_size=3)


@st.composite
def selectors(draw: st.DrawFn) -> NodeSelector:
    """Any selector, with all its prefixes bound and some bindings that it does not need."""
    bound = {prefix: draw(namespace_uris) for prefix in ("a", "b", "é-1")}
    terminal = draw(st.none() | st.builds(AttributeStep, qnames) | st.builds(NamespaceStep))
    found = draw(st.lists(steps, min_size=1, max_size=4))
    return NodeSelector(tuple(found), terminal, tuple((bound | draw(bindings) | bound).items()))


_segments = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="/"),
    min_size=1,
    max_size=8,
).filter(lambda segment: segment not in {".", "..", "~~"})
xuis = st.builds(
    str.__add__,
    st.sampled_from(["sip:", "sips:", "tel:", "pres:", "urn:uuid:"]),
    st.text(st.sampled_from("aZ0-._~!$&'()*+,;=:@/?#[]éア😀"), min_size=1, max_size=10),
)


@st.composite
def documents(draw: st.DrawFn) -> DocumentAddress:
    """Any document's address."""
    xui = draw(st.none() | xuis)
    return DocumentAddress(
        root=draw(st.sampled_from(ROOTS)),
        auid=draw(
            st.sampled_from(["resource-lists", "org.openmobilealliance.pres-rules", "a%20b", "~", "x;y=1"])
        ),
        tree="global" if xui is None else "users",
        xui=xui,
        document="/".join(draw(st.lists(_segments, min_size=1, max_size=3))),
    )
