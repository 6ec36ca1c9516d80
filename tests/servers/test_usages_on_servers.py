"""Every application usage on every server: what is created, edited, merged, updated and deleted there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from reachable import Place

from editing import EDITS, PROVIDED, name_of, new_icon
from xcap_sdk import (
    AlreadyExists,
    AsyncXcapClient,
    Conflicted,
    DocumentAddress,
    Forbidden,
    NotFound,
    PreconditionFailed,
    ReplyError,
    ServerError,
    XcapClient,
)
from xcap_sdk.profiles import KAMAILIO
from xcap_sdk.usages import STATUS_ICON, ApplicationUsage


@pytest.mark.parametrize("usage", EDITS, ids=str)
def test_a_usage_from_its_first_document_to_its_last(
    usage: ApplicationUsage[Any], place: Place, xcap: XcapClient
) -> None:
    documents, name, edit = xcap.repository(usage), name_of(usage, place.name), EDITS[usage]
    one, two, three, four, five = (
        f"sip:{each}-{place.name}@example.org" for each in ("one", "two", "one3", "two4", "one5")
    )
    if not is_writable(usage, place, xcap, name):
        # A typed error, whichever way, and nothing is taken for a document.
        # Kamailio's configuration does not find out whose an unknown usage's document is, and so forbids it.
        refusal = (ServerError, Forbidden) if place.kind.startswith("kamailio") else ReplyError
        model = new(usage, documents.address(name))
        edit(model, one)
        with pytest.raises(refusal):
            documents.create(model, document=name)
        with pytest.raises(refusal):
            documents.update(lambda model: edit(model, one), document=name)
        return

    created = documents.create(new(usage, documents.address(name)), document=name)
    with pytest.raises(AlreadyExists):
        documents.create(created.model, document=name)
    with documents.edit(document=name) as model:
        edit(model, one)
    with (block := documents.edit(document=name)):
        pass
    assert block.report is not None
    assert (block.report.outcome, block.report.requests) == ("unchanged", 0)

    # Two clients have the same version in hand: each saves, and what both did is there.
    mine = documents.get(document=name)
    with place.client() as other:
        theirs = other.repository(usage).get(document=name)
        edit(theirs.model, two)
        assert theirs.save().outcome in {"replaced", "patched"}
    edit(mine.model, three)
    assert mine.save().merged
    assert two.encode() in mine.xml
    assert three.encode() in mine.xml

    # A function is run again where somebody else was faster.
    runs = 0

    def change(model: Any) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            with place.client() as other:
                other.repository(usage).update(lambda model: edit(model, five), document=name)
        edit(model, four)

    assert documents.update(change, document=name).outcome in {"replaced", "patched"}
    assert runs == 2

    # What is behind is neither saved nor deleted; what was read again is.
    edit(mine.model, f"sip:late-{place.name}@example.org")
    with pytest.raises(Conflicted):
        mine.save(on_conflict="raise")
    with pytest.raises(PreconditionFailed):
        mine.delete()
    mine.refresh()
    assert five.encode() in mine.xml
    assert four.encode() in mine.xml
    assert mine.warnings == ()
    mine.delete()
    assert not documents.exists(document=name)
    for gone in (documents.get, documents.delete):
        with pytest.raises(NotFound):
            gone(document=name)


@pytest.mark.parametrize("usage", EDITS, ids=str)
def test_a_usage_without_waiting(usage: ApplicationUsage[Any], place: Place, xcap: XcapClient) -> None:
    name, edit = name_of(usage, place.name), EDITS[usage]
    one, two, three = (f"sip:{each}-{place.name}@example.org" for each in ("one", "two", "one3"))
    if not is_writable(usage, place, xcap, name):
        return  # the errors are those of above

    async def story() -> None:
        async with AsyncXcapClient(place.root, user=place.user, auth=place.auth) as xcap:
            documents = xcap.repository(usage)
            document = await documents.create(new(usage, documents.address(name)), document=name)
            async with documents.edit(document=name) as model:
                edit(model, one)
            await documents.update(lambda model: edit(model, two), document=name)
            await document.refresh()
            await documents.update(lambda model: edit(model, one), document=name)
            edit(document.model, three)
            await document.save()
            assert two.encode() in document.xml
            assert three.encode() in document.xml
            await document.delete()
            assert not await documents.exists(document=name)

    asyncio.run(story())


def new(usage: ApplicationUsage[Any], address: DocumentAddress) -> Any:
    """A first document of a usage."""
    model = new_icon() if usage is STATUS_ICON else (usage.start(address) or usage.root)()
    EDITS[usage](model, "sip:first@example.org")
    return model


def is_writable(usage: ApplicationUsage[Any], place: Place, xcap: XcapClient, name: str) -> bool:
    """Whether the server has the usage, and users write it; then the document is the test's to make."""
    if usage in PROVIDED and place.kind == "own":
        pytest.skip(f"who writes {usage.auid} is for the operator of a server to say")
    documents = xcap.repository(usage)
    known = not place.kind.startswith("kamailio") or usage.auid in (KAMAILIO.usages or ())
    if (usage in PROVIDED and place.kind != "embedded") or not (known and xcap.capabilities.supports(usage)):
        place.made.append(documents.address(name))
        return False
    if documents.exists(document=name):
        pytest.skip(f"{place.user} has a document {usage.auid}/{name} there, which is left alone")
    place.made.append(documents.address(name))
    return True
