"""A fuzz run: whatever comes in, nothing but the documented errors comes out.

`make test` tries some inputs of each kind, `make fuzz` many; `HYPOTHESIS_PROFILE=nightly` lies between. What
valid input has to give is tested elsewhere; here it is only that reading ends, and how.

| Inputs                                                  | `make test` |     nightly | `make fuzz` |
|---------------------------------------------------------|-------------|-------------|-------------|
| 12 kinds: selectors, addresses, roots, node operations, |     12 × 25 |  12 × 2,000 |  12 × 6,000 |
| diffs, patches, conflict reports, challenges, headers   |             |             |             |
| read by server and client, profiles, settings           |             |             |             |
| documents of 14 usages, and their JSON                  |      28 × 6 |    28 × 500 |  28 × 1,500 |
| in all                                                  |         468 |      38,000 |     114,000 |

About a fifth to a half of the changed inputs are still read. What it has found: a .env file that is not in
UTF-8.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fuzz_inputs import (
    CHALLENGES,
    CREDENTIALS,
    DIFFS,
    ENVIRONMENTS,
    FAULTS,
    PATHS,
    PROFILES,
    ROOTS,
    SELECTORS,
    TAGS,
    documents,
    field_of,
    hostile,
    json_forms,
    text_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from xcap_sdk import from_json, parse, serialize, to_json, validate
from xcap_sdk.auth.challenges import challenges, digest_response, next_nonce
from xcap_sdk.documents.diffs import parse_diff
from xcap_sdk.documents.operations import NodeNotFound, delete_node, get_node, put_node
from xcap_sdk.documents.patching import apply_patch
from xcap_sdk.documents.reports import fault_body, parse_fault
from xcap_sdk.documents.source import Source
from xcap_sdk.errors import (
    DocumentError,
    InvalidAddress,
    InvalidDocument,
    InvalidInput,
    InvalidRoot,
    InvalidSelector,
    PatchError,
)
from xcap_sdk.profiles import load_profile
from xcap_sdk.protocol import NodeSelector, XcapRoot, parse_address
from xcap_sdk.protocol.diffs import PatchAdd, PatchOperation, PatchRemove, PatchReplace
from xcap_sdk.protocol.faults import Refused
from xcap_sdk.protocol.messages import Headers, Response
from xcap_sdk.server.authentication import Authenticator, Refusal
from xcap_sdk.server.preconditions import MalformedCondition, Preconditions
from xcap_sdk.settings import load_settings
from xcap_sdk.usages import ALL, ApplicationUsage

RL = "urn:ietf:params:xml:ns:resource-lists"
ROOT = XcapRoot("https://xcap.example.org/root")
NAMESPACES = {None: RL, "r": RL, "x": "urn:x"}
each_usage = pytest.mark.parametrize("usage", ALL, ids=lambda usage: usage.auid)
# Fewer than usual in `make test`, as there are so many kinds; the usages share their code and the examples.
EXAMPLES = settings.default.max_examples if settings.default.max_examples > 100 else 25
many = settings(max_examples=EXAMPLES)
some = settings(max_examples=max(4, EXAMPLES // 4))


@many
@given(SELECTORS, SELECTORS)
def test_selectors(data: bytes, query: bytes) -> None:
    for read in (
        lambda: NodeSelector.parse(text_of(data), {"a": "urn:a"}),
        lambda: NodeSelector.from_wire(text_of(data), text_of(query)),
        lambda: NodeSelector.from_wire(*text_of(data).split("?", 1)),
    ):
        try:
            selector = read()
            selector.check_bound()
        except InvalidSelector:
            continue
        assert NodeSelector.from_wire(*selector.wire.split("?", 1)) == selector


@many
@given(PATHS)
def test_addresses(data: bytes) -> None:
    try:
        address = parse_address(ROOT, *text_of(data).split("?", 1))
    except (InvalidAddress, InvalidSelector):
        return
    assert address.uri.isascii()
    assert parse_address(ROOT, *ROOT.relative(address.uri)) == address


@many
@given(ROOTS)
def test_roots(data: bytes) -> None:
    try:
        root = XcapRoot(text_of(data))
    except InvalidRoot:
        return
    assert XcapRoot(root.uri) == root
    scheme, host, port = root.origin
    assert scheme in {"http", "https"}
    assert host
    assert 0 <= port < 65536
    assert root.relative(f"{root.uri}/a?b") == ("a", "b")


@each_usage
def test_documents(usage: ApplicationUsage[Any]) -> None:
    @some
    @given(hostile(*documents(usage.auid)))
    def run(data: bytes) -> None:
        try:
            model = parse(data, usage.root)
        except DocumentError:
            return
        for use in (validate, serialize, lambda model: from_json(to_json(model), usage.root, tolerant=True)):
            try:
                use(model)
            except InvalidInput:
                continue

    run()


@each_usage
def test_json(usage: ApplicationUsage[Any]) -> None:
    @some
    @given(hostile(*json_forms(usage.auid)), st.booleans())
    def run(data: bytes, tolerant: bool) -> None:
        for text in (data, data.decode("utf-8", "replace")):
            try:
                model = from_json(text, usage.root, tolerant=tolerant)
            except InvalidDocument:
                continue
            assert type(model) is usage.root

    run()


@many
@given(hostile(*documents("resource-lists")), SELECTORS, st.booleans())
def test_node_operations(data: bytes, selector: bytes, of_class: bool) -> None:
    random = Random(data + selector)
    body = random.choice(documents("resource-lists")) if of_class else bytes(random.sample(data, len(data)))
    try:
        source = Source.parse(data)
        node = NodeSelector.from_wire(*text_of(selector).split("?", 1))
    except (DocumentError, InvalidSelector):
        return
    for run in (
        lambda: get_node(source, node, RL),
        lambda: put_node(source, node, body, RL)[0],
        lambda: delete_node(source, node, RL),
    ):
        try:
            run()
        except (Refused, NodeNotFound, InvalidSelector, DocumentError):
            continue


@many
@given(DIFFS, hostile(*documents("resource-lists")))
def test_diffs_and_their_patches(data: bytes, document: bytes) -> None:
    try:
        diff = parse_diff(data)
    except DocumentError:
        return
    for change in diff.documents:
        for xml in (document, *documents("resource-lists")[:2]):
            patch(xml, change.operations)


@many
@given(hostile(*documents("resource-lists")), SELECTORS, st.one_of(SELECTORS, DIFFS), st.integers(0, 2**32))
def test_any_patch(document: bytes, selector: bytes, content: bytes, seed: int) -> None:
    random = Random(seed)
    for sel in (
        text_of(selector),
        random.choice(("*", "*/*[1]", "r:resource-lists/r:list[1]", "*/*/@*", "/")),
    ):
        place = {"sel": sel, "namespaces": NAMESPACES}
        operations: list[PatchOperation] = [
            PatchAdd(
                **place,
                content=text_of(content),
                pos=random.choice((None, "before", "after", "prepend", "x")),
                type=random.choice((None, None, "@a", "@r:b", "@", "namespace::q", "namespace::xml", "x")),
            ),
            PatchReplace(**place, content=text_of(content)),
            PatchRemove(**place, ws=random.choice((None, "before", "after", "both", "x"))),
        ]
        for xml in (document, documents("resource-lists")[0]):
            patch(xml, random.sample(operations, random.randrange(1, 4)))


def patch(xml: bytes, operations: Any) -> None:
    try:
        after = apply_patch(xml, operations)
    except (PatchError, DocumentError):
        return
    Source.parse(after)


@many
@given(FAULTS)
def test_conflict_reports(data: bytes) -> None:
    fault = parse_fault(data)
    if fault is not None:
        again = parse_fault(fault_body(fault))
        assert again is not None
        assert again.kind == fault.kind


@many
@given(CHALLENGES, CHALLENGES)
def test_challenges(data: bytes, more: bytes) -> None:
    headers = [field_of(data), field_of(more)]
    nonce = next_nonce(headers)
    assert nonce is None or "\n" not in nonce
    for challenge in challenges(headers):
        assert isinstance(challenge.is_stale, bool)
        if challenge.scheme == "digest" and challenge.strength:
            value = digest_response(challenge, "al\u00e9", "p\u00e9", "GET", "/a", count=1, cnonce="c")
            assert not set(value.encode("latin-1")) & {0, 10, 13}


@many
@given(CREDENTIALS, TAGS)
def test_what_the_server_reads_of_headers(credentials: bytes, tags: bytes) -> None:
    server = Authenticator({"alice": "secret"}, schemes=("digest", "basic"))
    sent = field_of(credentials)
    found = server.authenticate(sent, "GET", "/a")
    assert isinstance(found, Refusal) or sent.split()[-1] == "YWxpY2U6c2VjcmV0"
    try:
        Preconditions.parse({"if-match": field_of(tags), "if-none-match": field_of(tags)})
    except MalformedCondition:
        return


@many
@given(TAGS, TAGS, st.sampled_from(["etag", "retry-after", "content-type", "date"]))
def test_what_a_client_reads_of_headers(one: bytes, other: bytes, name: str) -> None:
    headers = Headers([(name, field_of(one)), (name, field_of(other)), ("Retry-After", field_of(other))])
    response = Response(200, headers)
    assert response.etag is None or response.etag.endswith('"')
    assert response.retry_after is None or response.retry_after >= 0
    assert response.media_type is None or response.media_type


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "file"


@many
@given(data=PROFILES)
def test_profiles(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    try:
        profile = load_profile(file)
    except InvalidInput:
        return
    assert profile.name is not None


@many
@given(data=ENVIRONMENTS)
def test_settings(file: Path, data: bytes) -> None:
    assert not [name for name in os.environ if name.startswith("XCAP_")], "what is there would count, too"
    file.write_bytes(data)
    try:
        found = load_settings(file)
        assert found.root is not None
        _ = found.auth, found.network, found.known_profile
    except InvalidInput:
        return
