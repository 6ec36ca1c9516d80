"""Where a document may be: home directories, the global tree and folders (RFC 4825 §6.2, §8.2.1).

Home directories and the global tree are always there. Of folders there are those that hold documents
already, the one in which a usage keeps its own document, as ``oma_status-icon`` of the status icon, and those
that the usage says are always there; XCAP cannot make others.
"""

from __future__ import annotations

from typing import Any

from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.faults import Fault, FaultKind, Refused
from xcap_sdk.protocol.percent import encode_segment
from xcap_sdk.server.tables import Directory
from xcap_sdk.usages import ApplicationUsage


def require_place(address: DocumentAddress, usage: ApplicationUsage[Any], around: Directory) -> None:
    """See that a document may be put there.

    Args:
        address: The document's address.
        usage: Its application usage.
        around: What else there is.

    Raises:
        Refused: no-parent where its folder is missing, constraint-failure where a folder has its name.
    """
    kept = _kept(address, usage)
    folder = address.document.rpartition("/")[0]
    if _existing(folder, kept, around) != folder:
        raise no_parent(address, f"there is no folder {folder}", _existing(folder, kept, around))
    if _existing(address.document, kept, around) == address.document:
        phrase = f"{address.document} is a folder, and no document may have its name (RFC 4825 §6.2)"
        raise Refused(Fault(FaultKind.CONSTRAINT_FAILURE, phrase))


def no_parent(address: DocumentAddress, phrase: str, folder: str) -> Refused:
    """no-parent, for a document or something in it, with an existing folder as the ancestor."""
    above = address.path.split("/")[: 2 + (address.xui is not None)]
    segments = [address.root.uri, *above, *map(encode_segment, folder.split("/") if folder else ())]
    return Refused(Fault(FaultKind.NO_PARENT, phrase, ancestor="/".join(segments)))


def nearest_folder(address: DocumentAddress, usage: ApplicationUsage[Any], around: Directory) -> str:
    """The folder of a document, or the nearest one above that is there; empty for the home directory."""
    return _existing(address.document.rpartition("/")[0], _kept(address, usage), around)


def _kept(address: DocumentAddress, usage: ApplicationUsage[Any]) -> list[str]:
    """The folders that are there without a document in them."""
    trees = (folder.partition("/") for folder in usage.folders)
    return [usage.document.rpartition("/")[0], *(name for tree, _, name in trees if tree == address.tree)]


def _existing(folder: str, kept: list[str], around: Directory) -> str:
    while folder and not any(f"{each}/".startswith(f"{folder}/") for each in kept):
        if around.has_folder(folder):
            break
        folder = folder.rpartition("/")[0]
    return folder
