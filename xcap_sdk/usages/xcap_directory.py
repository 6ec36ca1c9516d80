"""org.openmobilealliance.xcap-directory (OMA XDM Core §6.7): which documents a user has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from xcap_documents.oma_xcap_directory import DirectoryEntry, XcapDirectory
from xcap_sdk.errors import InvalidAddress, InvalidSelector
from xcap_sdk.protocol.addresses import DocumentAddress, document_of, parse_address
from xcap_sdk.protocol.percent import encode_segment
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.usages.usage import ApplicationUsage

_AUTHORITY = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")
_TRIED = 4
_SELECTOR = re.compile(r"/(?=([^/]+)/(?:users/[^/]|global/))")


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """One document of a directory.

    Attributes:
        auid: The AUID of its application usage: as its URI has it; where that does not tell, as the directory
            has it, written out if the SDK knows a single usage of which it is the end.
        document: Its name, ``/`` between folders; None where there is no address.
        address: Where this client gets it, with `XcapClient.get` for one, always below the client's own root:
            some servers list URIs of machines behind them. None where the URI does not tell, or names a user
            by what is no URI.
        uri: The URI as the directory has it.
        etag: Its ETag, with quotes, as in `Document.etag`; None if the directory has none.
        size: Its length in bytes; None if the directory does not say.
        modified: When it was changed last, with a time zone; None if the directory does not say.
    """

    auid: str
    document: str | None
    address: DocumentAddress | None
    uri: str
    etag: str | None
    size: int | None
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class UnlistedFolder:
    """An application usage of which a directory does not list all documents.

    Attributes:
        auid: Its AUID, written out as that of a `ListedDocument`.
        error: What went wrong, in the server's words, such as ``404 Not Found``; None if nothing did.
        more: How many documents more there are than are listed; None if the directory does not say.
    """

    auid: str
    error: str | None
    more: int | None


@dataclass(frozen=True, slots=True)
class DirectoryListing:
    """The documents of a user, as a directory lists them; iterate over it.

    Attributes:
        documents: The documents, in the order of the directory.
        incomplete: The application usages whose documents are not all among them.
    """

    documents: tuple[ListedDocument, ...]
    incomplete: tuple[UnlistedFolder, ...]

    def __iter__(self) -> Iterator[ListedDocument]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def __bool__(self) -> bool:
        """Whether there is any document."""
        return bool(self.documents)

    def of(self, usage: ApplicationUsage[Any] | str) -> tuple[ListedDocument, ...]:
        """The documents of one application usage.

        Args:
            usage: The usage, or its AUID.
        """
        return tuple(each for each in self.documents if each.auid == str(usage))


def listing(
    directory: XcapDirectory,
    root: XcapRoot,
    usages: Mapping[str, ApplicationUsage[Any]],
    owner: str | None = None,
) -> DirectoryListing:
    """Read a directory as tolerantly as real ones need it.

    Args:
        directory: What the server says.
        root: The root of the client, below which it gets documents.
        usages: The application usages that it knows, by AUID.
        owner: Whose directory it is.

    Returns:
        The documents.
    """
    documents: list[ListedDocument] = []
    incomplete: list[UnlistedFolder] = []
    for folder in directory.folders:
        auid = _written_out((folder.auid or "").strip(), usages)  # a document may lack what it requires
        more = _number(folder.unlisted)
        if folder.error is not None or more:
            incomplete.append(UnlistedFolder(auid, folder.error, more))
        for entry in folder.entries:
            address = _address((entry.uri or "").strip(), auid, root, owner)
            documents.append(_listed(entry, auid, address, usages))
    return DirectoryListing(tuple(documents), tuple(incomplete))


def _written_out(auid: str, usages: Mapping[str, ApplicationUsage[Any]]) -> str:
    """An AUID in full; some directories leave out what is before its last dot."""
    meant = [auid] if auid in usages else [known for known in usages if known.endswith(f".{auid}")]
    return meant[0] if len(meant) == 1 else auid


def _listed(
    entry: DirectoryEntry,
    auid: str,
    address: DocumentAddress | None,
    usages: Mapping[str, ApplicationUsage[Any]],
) -> ListedDocument:
    etag = (entry.etag or "").strip()
    if address is not None and (usage := usages.get(address.auid)) is not None:
        address = replace(address, default_namespace=usage.namespace)
    return ListedDocument(
        auid=auid if address is None else address.auid,
        document=None if address is None else address.document,
        address=address,
        uri=entry.uri or "",
        etag=(etag if etag.startswith(('"', 'W/"')) else f'"{etag}"') if etag else None,
        size=_number(entry.size),
        modified=entry.modified,
    )


def _address(uri: str, auid: str, root: XcapRoot, owner: str | None) -> DocumentAddress | None:
    """What a URI names, below the root: taken from behind it, or from where a document selector begins."""
    try:
        return document_of(parse_address(root, root.relative(uri)[0]))
    except (InvalidAddress, InvalidSelector):
        pass
    path = re.split("[?#]", f"/{_AUTHORITY.sub('', uri).lstrip('/')}")[0]
    starts = sorted(_SELECTOR.finditer(path), key=lambda found: found[1] != auid)
    scheme, _, bare = (owner or "").partition(":")
    for found in starts[:_TRIED]:
        selector = path[found.end() :]
        if bare and selector.split("/")[2] in {bare, encode_segment(bare)}:  # some leave out the scheme
            selector = selector.replace("/users/", f"/users/{scheme}:", 1)
        try:
            return document_of(parse_address(root, selector))
        except (InvalidAddress, InvalidSelector):
            continue
    return None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


XCAP_DIRECTORY = ApplicationUsage(
    auid="org.openmobilealliance.xcap-directory",
    root=XcapDirectory,
    media_type="application/vnd.oma.xcap-directory+xml",
    document="directory.xml",
    read_only=True,
)
"""The list of a user's documents, which clients only read."""
