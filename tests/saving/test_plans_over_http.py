"""Every usage, any two valid documents, every strategy: what a save sends gives the target on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings

from instances import XUI, Maker, address_of, edit, model_of, seeds
from odd_xml import odd
from xcap_sdk import Unconditional, XcapClient
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.outline import Outline
from xcap_sdk.editing.plan import Strategy
from xcap_sdk.errors import InvalidDocument
from xcap_sdk.server import running_server
from xcap_sdk.usages import ALL, ApplicationUsage
from xcap_sdk.usages.validation import validate

SOME = settings(max_examples=max(settings().max_examples // 16, 1))
written = pytest.mark.parametrize("usage", [usage for usage in ALL if not usage.read_only], ids=str)
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)


@pytest.fixture(scope="module")
def xcap() -> Iterator[XcapClient]:
    with running_server() as root, XcapClient(root, user=XUI) as client:
        yield client


def looks(model: Any) -> Any:
    return Outline.of(model).fingerprint()


def check(xcap: XcapClient, usage: ApplicationUsage[Any], received: bytes, change: Any) -> None:
    """Save a change by each strategy, and see what the server has then."""
    for strategy in STRATEGIES:
        xcap.put(address_of(usage, str(xcap.root)), received, condition=Unconditional())
        repository = xcap.repository(usage)
        document = repository.get()
        change(document)
        plan = document.plan(strategy=strategy)
        report = document.save(strategy=strategy)
        assert report.requests == plan.requests
        assert plan.atomic or strategy == "nodes"
        wanted = looks(document.model)
        again = repository.get()
        assert again.etag == document.etag == report.etag
        assert looks(again.model) == wanted
        assert document.save().outcome == "unchanged"


@written
@SOME
@given(seed=seeds, other=seeds)
def test_any_two_documents(xcap: XcapClient, usage: ApplicationUsage[Any], seed: int, other: int) -> None:
    root = str(xcap.root)
    received = odd(serialize(model_of(usage, seed, root)), Random(seed))
    target = serialize(model_of(usage, other, root))

    def change(document: Any) -> None:
        document.model = parse(target, usage.root)

    check(xcap, usage, received, change)


@written
@SOME
@given(seed=seeds)
def test_any_edits(xcap: XcapClient, usage: ApplicationUsage[Any], seed: int) -> None:
    root = str(xcap.root)
    received = odd(serialize(model_of(usage, seed, root)), Random(seed))
    place = address_of(usage, root)

    def change(document: Any) -> None:
        random = Random(seed)
        maker = Maker(random, root)
        for _ in range(random.randint(1, 4)):
            undo = edit(random, document.model, maker)
            try:
                validate(document.model, usage, place)
                valid = looks(parse(serialize(document.model), usage.root)) == looks(document.model)
            except InvalidDocument:
                valid = False
            if not valid:
                undo()

    check(xcap, usage, received, change)
