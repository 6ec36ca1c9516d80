"""Runs the checks on a server, and cleans up behind them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import httpx

from xcap_sdk.errors import InvalidInput, TransportError, XcapError
from xcap_sdk.probe.checks import PARTS
from xcap_sdk.probe.judging import Check, Found, Verdict
from xcap_sdk.probe.lab import NAMESPACE, Lab, scratch_name
from xcap_sdk.probe.report import Report, Result
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.profiles import Danger, recognized
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.transport import Network, Transport, Wire, identity_fields
from xcap_sdk.usages import ALL

TIMEOUT: Final = 10.0


def probe(
    root: str,
    *,
    user: str,
    auth: tuple[str, str] | httpx.Auth | None = None,
    auid: str = "resource-lists",
    document: str | None = None,
    dangerous: bool = False,
    timeout: float = TIMEOUT,
    network: Network | None = None,
    http: httpx.Client | None = None,
    headers: Mapping[str, str] | None = None,
    intended_identity: str | None = None,
    preferred_identity: str | None = None,
    progress: Callable[[Result], object] | None = None,
) -> Report:
    """Measure a server against RFC 4825.

    It works in a scratch document of its own in the user's home directory, and removes it afterwards. No
    document that exists is written.

    Args:
        root: The XCAP root URI.
        user: The user in whose home directory the scratch document comes, as a URI.
        auth: As for XcapClient.
        auid: The application usage of the scratch document, one whose documents are resource lists.
        document: The scratch document's name, for servers that take some names only; None for one that no
            document has. If there is such a document already, nothing is sent but the GET that finds it.
        dangerous: Whether to send what is known to bring some servers down.
        timeout: Seconds to connect, and between two signs of life.
        network: As for XcapClient.
        http: As for XcapClient.
        headers: As for XcapClient.
        intended_identity: As for XcapClient.
        preferred_identity: As for XcapClient.
        progress: Called with what each check found as soon as it did.

    Returns:
        What was found.

    Raises:
        InvalidInput: The application usage is none of resource lists, or something cannot be sent.
        ScratchTaken: The scratch document is there already, or the server does not say that it is not.
        ScratchRefused: The server does not take it.
        TransportError: The server cannot be reached.
    """
    where = XcapRoot(root)
    identities = identity_fields(intended_identity, preferred_identity)
    with contextlib.ExitStack() as opened:

        def over(credentials: tuple[str, str] | httpx.Auth | None) -> Transport:
            transport = Transport(Wire(where, credentials, headers, network, identities), http, timeout)
            opened.callback(transport.close)
            return transport

        address = DocumentAddress(
            root=where, auid=auid, xui=user, document=document or scratch_name(), default_namespace=NAMESPACE
        )
        lab = Lab(
            over(auth),
            address,
            _media_type(auid),
            stranger=None if auth is None else over(None),
            digest=over(httpx.DigestAuth(*auth)) if isinstance(auth, tuple) else None,
        )
        lab.require_free()
        results: list[Result] = []
        try:
            lab.require_writable()
            for result in _results(lab, dangerous=dangerous):
                results.append(result)
                if progress is not None:
                    progress(result)
        except BaseException as error:
            if left := lab.remove():
                error.add_note(f"the probe could not remove {', '.join(left)}; please remove that by hand")
            raise
        left = lab.remove()
        return Report(where.uri, lab.server, tuple(results), left)


def _media_type(auid: str) -> str:
    for usage in ALL:
        if usage.auid == auid and usage.namespace == NAMESPACE:
            return usage.media_type
    fitting = ", ".join(usage.auid for usage in ALL if usage.namespace == NAMESPACE)
    raise InvalidInput(f"{auid}: the probe writes resource lists, as in {fitting}; nothing was sent")


def _results(lab: Lab, *, dangerous: bool) -> Iterator[Result]:
    lost = ""
    for part in PARTS:
        for check in part.checks:
            if lost:
                yield Result(part.title, check, Verdict.NOT_MEASURED, lost)
                continue
            result = _result(lab, part.title, check, dangerous=dangerous)
            if result.seen.startswith(_NO_REPLY) and not _answers(lab):
                lost = f"the server does not answer any more since {check.name}"
                result = replace(result, seen=f"{result.seen}, and the server does not answer any more")
            yield result


_NO_REPLY: Final = "no reply"
# The other dangers hurt nobody in a scratch document.
_BRINGS_DOWN: Final = {Danger.GET_NAMESPACES}


def _result(lab: Lab, part: str, check: Check, *, dangerous: bool) -> Result:
    if check.danger in _BRINGS_DOWN and not dangerous and not recognized(lab.server).does(*check.abilities):
        why = "brings some servers down, and is sent if asked for only"
        return Result(part, check, Verdict.NOT_MEASURED, why)
    try:
        check.procedure(lab)
    except Found as found:
        return Result(part, check, found.verdict, found.seen, found.harms)
    except TransportError as error:
        return Result(part, check, Verdict.DEVIATES, f"{_NO_REPLY} ({type(error).__name__})", harms=True)
    except XcapError as error:
        return Result(part, check, Verdict.NOT_MEASURED, str(error))
    return Result(part, check, Verdict.CONFORMANT)


def _answers(lab: Lab) -> bool:
    try:
        lab.get()
    except TransportError:
        return False
    return True
