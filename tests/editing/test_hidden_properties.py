"""Every usage, any edits of two sides: what both documents hide, the merged one hides, too."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from instances import Maker, address_of, edit, model_of, seeds
from odd_xml import odd
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.merge import merge
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.errors import InvalidDocument
from xcap_sdk.flows.merging import elements_of
from xcap_sdk.usages import ALL, ApplicationUsage
from xcap_sdk.usages.validation import validate

ROOT = "https://xcap.example.org/root"
SOME = settings(max_examples=max(settings().max_examples // 3, 1))
written = pytest.mark.parametrize("usage", [usage for usage in ALL if not usage.read_only], ids=str)


def change(model: Any, usage: ApplicationUsage[Any], random: Random, side: int) -> None:
    """Edit something, if the edits that come up are valid; each side takes names of its own."""
    maker = Maker(random, ROOT, side * 1_000)
    for _ in range(random.randint(1, 4)):
        undo = edit(random, model, maker)
        try:
            validate(model, usage, address_of(usage, ROOT))
            again = parse(serialize(model), usage.root)
            is_good = Outline.of(again).fingerprint() == Outline.of(model).fingerprint()
        except InvalidDocument:
            is_good = False
        if not is_good:
            undo()


def hidden(document: bytes) -> set[str]:
    """The comments and instructions that there is but one of."""
    return {found[0] for found in re.finditer(r"<!-- c\d+ < & -->|<\?p i\d+\?>", document.decode())}


@written
@SOME
@given(seed=seeds)
def test_what_neither_side_removed_is_there_after_a_merge(usage: ApplicationUsage[Any], seed: int) -> None:
    random = Random(seed)
    received = odd(serialize(model_of(usage, seed, ROOT)), random)
    mine, others = parse(received, usage.root), parse(received, usage.root)
    ours, theirs = Snapshot(mine), Snapshot(others)
    change(mine, usage, random, 1)
    change(others, usage, random, 2)
    lineage, their_lineage = Lineage.of(ours), Lineage.of(theirs)
    my_document = rewrite(received, lineage.base, mine, usage.keys, lineage)
    their_document = rewrite(received, their_lineage.base, others, usage.keys, their_lineage)
    read = parse(their_document, usage.root)
    merged = merge(lineage.base, mine, read, usage.keys, lineage=lineage)
    if merged.is_clean:
        known = merged.lineage.with_elements(lambda: elements_of(my_document, mine))
        result = rewrite(their_document, read, merged.model, usage.keys, known)
        assert hidden(my_document) & hidden(their_document) <= hidden(result)
