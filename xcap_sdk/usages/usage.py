"""What an application usage is (RFC 4825 §5): all that SDK and server must know of a kind of document."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from xcap_sdk.documents.bounded import counted, told
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.documents import DocumentAddress
from xcap_sdk.protocol.naming import application_id, document_name

if TYPE_CHECKING:
    from xcap_sdk.errors import Problem
    from xcap_sdk.usages.beyond import PlacedCheck, Unique

R = TypeVar("R")

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+\-]+/[A-Za-z0-9!#$&^_.+\-]+")
_FIELDS = "__dataclass_fields__"


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of an application usage that its schema cannot say (RFC 4825 §5.3).

    Attributes:
        name: What its problems carry as ``rule``: ``uniqueness`` if a breach is a uniqueness-failure, another
            name if it is a constraint-failure (RFC 4825 §8.2.5).
        section: Where the rule is written, such as ``RFC 4826 §3.4.5``.
        function: Gives the problems of a model, in document order; none if it keeps the rule.
    """

    name: str
    section: str
    function: Callable[[Any], Iterable[Problem]]

    def __call__(self, model: object, address: DocumentAddress | None = None) -> Iterable[Problem]:
        """The problems of a model, wherever it is."""
        del address
        return self.function(model)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ApplicationUsage(Generic[R]):
    """One kind of XCAP document (RFC 4825 §5), the standard's or one's own.

    Attributes:
        auid: The application unique ID: the first path segment below the root (§5.1).
        root: The dataclass of the document's root element.
        media_type: The media type of its documents.
        namespace: The default document namespace: where a selector's unprefixed element names are (§5.2). By
            default the root element's own.
        document: The name of the document if no other is asked for.
        schema: An XSD of one's own for the documents; None for the one that comes with the SDK, if any.
        keys: Which field tells siblings of a class apart, so that a change of one is told from another one.
        empty: Makes the document that an edit starts from if there is none; None where that has to be given.
        begin: As `empty`, for documents that say whose they are: it is given the document's address.
        checks: Rules beyond the schema.
        unique: What no two documents of a server may share; None if there is nothing of the kind.
        tree: ``users``, or ``global`` for documents that are nobody's own (§6.2).
        read_only: Whether clients can only read.
        folders: Folders that a server has from the start, with their tree: ``global/byGroupID``; that of the
            default document need not be named.
        public: Whether a server lets all users read everyone's documents (§5.7 leaves it to the usage).
        provided: Whether a server lets only those users write whom it trusts, and their owners just read.
        guarded: Whether a server lets only trusted users read the global tree, as it tells of all users.

    Raises:
        InvalidInput: One of them cannot be: a wrong AUID or name, a key that is no field of its class, a root
            that is no dataclass, a schema file that is missing.
    """

    auid: str
    root: type[R]
    media_type: str
    namespace: str | None = None
    document: str = "index"
    schema: Path | None = None
    keys: Mapping[type, str] = field(default_factory=dict[type, str])
    empty: Callable[[], R] | None = None
    begin: Callable[[DocumentAddress], R] | None = None
    checks: tuple[Check | PlacedCheck, ...] = ()
    unique: Unique | None = None
    tree: Literal["users", "global"] = "users"
    read_only: bool = False
    public: bool = False
    guarded: bool = False
    provided: bool = False
    folders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        application_id(self.auid)
        document_name(self.document)
        for folder in self.folders:
            document_name(folder)
            if folder.partition("/")[0] not in {"users", "global"}:
                raise self._wrong(f"its folder {folder!r} does not begin with a tree: users or global")
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise self._wrong(
                f"{self.media_type!r} is no media type; write it without parameters, as in application/xml"
            )
        if not hasattr(self.root, _FIELDS):
            raise self._wrong(f"its root {self.root!r} is no dataclass")
        for cls, key in self.keys.items():
            self._check_key(cls, key)
        if self.schema is not None and not isinstance(self.schema, Path):  # pyright: ignore[reportUnnecessaryIsInstance] - its name
            raise self._wrong(f"its schema {self.schema!r} is no Path")
        if self.schema is not None and not self.schema.is_file():
            raise self._wrong(f"its schema {self.schema} is no file")
        if self.empty is not None and not isinstance(self.empty(), self.root):
            raise self._wrong(f"empty() gives no {self.root.__name__}")
        if self.tree not in {"users", "global"}:
            raise self._wrong(f"its tree is {self.tree!r}: there are users and global (RFC 4825 §6.2)")
        if self.namespace is None:
            meta: object = getattr(self.root, "Meta", None)
            object.__setattr__(self, "namespace", getattr(meta, "namespace", None))

    def problems(self, model: object, address: DocumentAddress | None = None) -> list[Problem]:
        """What in a document breaks the rules beyond the schema: of each the first problems.

        Args:
            model: The document's model.
            address: Where it is or is to be; None if that is not known: then only rules about the document
                itself count.
        """
        return [problem for check in self.checks for problem in told(counted(check(model, address)))]

    def start(self, address: DocumentAddress) -> Callable[[], R] | None:
        """What makes the document that an edit starts from at an address; None where that has to be given."""
        return self.empty if self.begin is None else partial(self.begin, address)

    def _check_key(self, cls: type, key: str) -> None:
        names: list[str] = [known.name for known in dataclasses.fields(cls)] if hasattr(cls, _FIELDS) else []
        if key not in names:
            raise self._wrong(
                f"its key for {getattr(cls, '__name__', repr(cls))} is {key!r}, and that class has no "
                f"such field; it has {', '.join(names) or 'none at all, as it is no dataclass'}"
            )

    def _wrong(self, message: str) -> InvalidInput:
        return InvalidInput(f"application usage {self.auid!r}: {message}")

    def __str__(self) -> str:
        return self.auid
