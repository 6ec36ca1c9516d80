"""Whether documents follow their schema and the rules of their application usage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from typing import Generic, TypeVar
from urllib.parse import unquote

from xcap_sdk.documents import validation
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.bounded import counted, told
from xcap_sdk.documents.deviations import Deviations, traits
from xcap_sdk.documents.findings import Traits
from xcap_sdk.documents.reading import Reading
from xcap_sdk.errors import Problem, UnexpectedDocument
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages import for_class
from xcap_sdk.usages.usage import ApplicationUsage

R = TypeVar("R")


class Received(Generic[R]):
    """A document as it was received, and what is wrong with it: looked for once, when it is asked for.

    Args:
        usage: Its application usage.
        body: The document.
        address: Where it is.
    """

    def __init__(self, usage: ApplicationUsage[R], body: bytes, address: DocumentAddress | None) -> None:
        self.body = body
        self._usage = usage
        self._address = address

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the schema refuses, then what the usage's rules do; of each the first, and how many more."""
        return (*self.deviations.problems, *self._told)

    @cached_property
    def deviations(self) -> Deviations:
        """What the schema refuses."""
        return Deviations(self.body, self._usage.schema, self._usage.root)

    @cached_property
    def _told(self) -> list[Problem]:
        return told(self._found(set(), thorough=False))

    @cached_property
    def rules(self) -> tuple[Counter[Traits], set[str]]:
        """The kinds of all that the usage's rules refuse, and the names of those that could not cope."""
        failed: set[int] = set()
        kinds = Counter(map(traits, self._found(failed, thorough=True)))
        return kinds, {self._usage.checks[number].name for number in failed}

    def _found(self, failed: set[int], *, thorough: bool) -> Iterator[Problem]:
        checks = _checks(self._usage, self._address)
        model = parse(self.body, self._usage.root)
        broken = bool(self.deviations)
        return validation.rule_problems(checks, model, broken=broken, failed=failed, thorough=thorough)


def _checks(usage: ApplicationUsage[R], address: DocumentAddress | None) -> list[validation.Rule]:
    return [partial(check, address=address) for check in usage.checks]


def validate(
    model: R, usage: ApplicationUsage[R] | None = None, address: DocumentAddress | None = None
) -> None:
    """Check a model as the document that it would be: its schema, and the rules of its application usage.

    Args:
        model: The model of a whole document.
        usage: Its application usage; None for the first that the SDK knows for its class. Where there is
            none, only the schema counts.
        address: Where it is to be, for the rules that depend on it; None if that is not known.

    Raises:
        InvalidDocument: It breaks the schema or a rule; ``.problems`` names the places, ``.rule`` which.
    """
    chosen = usage or for_class(type(model))
    if chosen is None:
        validation.validate(model)
    else:
        validation.validate(model, schema=chosen.schema, checks=_checks(chosen, address))


def check_bytes(
    usage: ApplicationUsage[R],
    document: bytes | Reading[R],
    model: R,
    address: DocumentAddress | None = None,
    received: Received[R] | None = None,
) -> None:
    """Check a document as it is to be sent.

    Args:
        usage: Its application usage.
        document: The document; if it was read already, it must not have been validated.
        model: The model that it was made from, which names the places if the document cannot be read back.
        address: Where it is to be, for the rules that depend on it; None if that is not known.
        received: What it was made of: what was wrong there already does not count. None for a new document.

    Raises:
        InvalidDocument: It breaks the schema or a rule, and what it was made of did not.
    """
    reading = document if isinstance(document, Reading) else Reading(document, usage.root)
    problems = reading.schema_problems(usage.schema)
    try:
        sent = reading.model
    except UnexpectedDocument:
        validate(model, usage, address)
        raise
    if received is not None:
        problems = _worse(usage, reading.data, sent, address, received, broken=bool(problems))
    elif not problems:  # rules are written for documents that have the form their schema asks for
        problems = usage.problems(sent, address)
    if problems:
        where = "" if address is None else f" ({unquote(address.uri)})"
        validation.refuse(problems, f"{usage.root.__name__}{where}")


def _worse(
    usage: ApplicationUsage[R],
    body: bytes,
    sent: R,
    address: DocumentAddress | None,
    received: Received[R],
    *,
    broken: bool,
) -> list[Problem]:
    """What is wrong with a document and was not with the one that it was made of."""
    if broken and (more := Deviations(body, usage.schema, usage.root).beyond(received.deviations)):
        return more
    found = validation.rule_problems(_checks(usage, address), sent, broken=broken, thorough=True)
    return told(counted(_new(found, received)))


def _new(found: Iterable[Problem], received: Received[R]) -> Iterator[Problem]:
    """Those of some problems of which there are more of the kind than a document had when it was received."""
    left: Counter[Traits] | None = None
    for problem in found:
        known, unknown = received.rules  # as mostly nothing is found, this is not looked for before
        left = Counter(known) if left is None else left
        kind = traits(problem)
        if left[kind] > 0:
            left[kind] -= 1
        elif problem.rule not in unknown:
            yield problem
