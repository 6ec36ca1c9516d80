"""What xsdata knows about the document classes, kept once for the whole process and safe between threads."""

from __future__ import annotations

import os
import sys
import threading
from collections import defaultdict
from functools import cache
from importlib import import_module
from typing import Any

from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.elements import XmlMeta
from xsdata.utils.namespaces import split_qname  # pyright: ignore[reportUnknownVariableType] - a tuple of anything

from xcap_documents._modules import MODULES
from xcap_sdk.documents.compiled.fields import is_model, is_several, kind, variables
from xcap_sdk.documents.compiled.remembering import LONGEST, Remembered

__all__ = [
    "XSI",
    "XSI_TYPE",
    "Classes",
    "all_classes",
    "classes",
    "is_model",
    "is_several",
    "kind",
    "meta_of",
    "no_model",
]

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSI_TYPE = f"{{{XSI}}}type"
_OURS = "xcap_documents."


class _Matches(Remembered[bool]):
    """Which names a wildcard takes, of all that it was asked for: xsdata itself keeps every one of them."""

    def __setitem__(self, key: str, value: bool) -> None:
        super().__setitem__(key, value)
        if len(key) > LONGEST:  # among the last fifty names it keeps those of any length, too
            split_qname.cache_clear()


class Classes(XmlContext):
    """The metadata of all document classes, and the index of those that stand for a named element.

    xsdata's own index is empty while it is rebuilt, and takes in every dataclass of the process; this one is
    replaced at once, and holds classes of XML namespaces only. The modules of `xcap_documents` are imported
    when an element of their namespace is met.
    """

    __slots__ = ("_importing",)

    _lock = threading.Lock()

    def __init__(self) -> None:
        super().__init__()  # pyright: ignore[reportUnknownMemberType] - xsdata leaves callables without types
        self._importing: list[object] = []

    def build(
        self, clazz: type, parent_ns: str | None = None, globalns: dict[str, Any] | None = None
    ) -> XmlMeta:
        """The metadata of a class, built once.

        A class without a namespace is in that of its module rather than of whatever parent came first;
        what its wildcards take depends on it.
        """
        if clazz not in self.cache:
            own: str | None = getattr(sys.modules.get(clazz.__module__), "__NAMESPACE__", None)
            meta = super().build(clazz, own or parent_ns, globalns)  # pyright: ignore[reportUnknownMemberType] - same
            for var in variables(meta):
                var.namespace_matches = _Matches()
        return self.cache[clazz]

    def find_types(self, qname: str) -> list[type[Any]]:
        """The classes for a name, in the order of their precedence, the last one first of all."""
        module = MODULES.get(qname[1:].partition("}")[0])
        if module is not None:
            import_module(module)
        return super().find_types(qname)  # pyright: ignore[reportUnknownMemberType] - xsdata leaves callables without types

    def build_xsi_cache(self) -> None:
        """Index the classes by their elements' names, again if modules were imported since.

        A module counts as soon as its import begins, and may have no classes then.
        """
        if self._is_current():
            return
        with self._lock:
            if self._is_current():
                return
            loaded = len(sys.modules)
            importing = list(filter(_is_importing, map(_spec, list(sys.modules.values()))))
            index: dict[str, list[type]] = defaultdict(list)
            builder = self.get_builder()  # pyright: ignore[reportUnknownMemberType] - same
            for cls in set(self.get_subclasses(object)):
                if "Meta" in cls.__dict__ and self.is_binding_model(cls) and _is_reachable(cls):
                    name = builder.build_class_meta(cls).target_qname
                    if name and name.startswith("{"):
                        index[name].append(cls)
            for found in index.values():
                found.sort(key=_precedence)
            self.xsi_cache: dict[str, list[type]] = index
            self._importing = importing
            self.sys_modules = loaded

    def _is_current(self) -> bool:
        if len(sys.modules) != self.sys_modules:
            return False
        return not self._importing or all(map(_is_importing, self._importing))

    @classmethod
    def after_fork(cls) -> None:
        """Begin anew in the child of a fork, where no other thread gives the lock back."""
        cls._lock = threading.Lock()


if hasattr(os, "register_at_fork"):  # where there are forks
    os.register_at_fork(after_in_child=Classes.after_fork)


def _spec(module: object) -> Any:
    return getattr(module, "__spec__", None)


def _is_importing(spec: object) -> bool:
    """Whether a module's code is running yet."""
    return getattr(spec, "_initializing", False)


def _precedence(cls: type) -> tuple[bool, str, str]:
    """Of several classes for one element xsdata takes the last: that is to be the one that comes along."""
    return cls.__module__.startswith(_OURS), cls.__module__, cls.__qualname__


def _is_reachable(cls: type) -> bool:
    """Whether a class is what its module calls by its name: dataclasses leave their slotless twins behind."""
    found: Any = sys.modules.get(cls.__module__)
    for name in cls.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is cls


@cache
def classes() -> Classes:
    """The process-wide metadata."""
    return Classes()


def all_classes() -> dict[str, list[type]]:
    """The classes of all namespaces by their elements' names; imports every module of `xcap_documents`."""
    for module in MODULES.values():
        import_module(module)
    known = classes()
    known.build_xsi_cache()
    return known.xsi_cache


def meta_of(cls: type, namespace: str | None = None) -> XmlMeta:
    """The binding metadata of a class.

    Args:
        cls: A dataclass.
        namespace: The namespace of its parent, for a class that states none.

    Raises:
        XmlContextError: The class cannot be bound.
    """
    return classes().build(cls, namespace)


def no_model(value: object) -> str:
    """What to say of a value that should be an instance of a document class."""
    hint = "; its .model is one" if is_model(getattr(value, "model", None)) else ""
    return f"expected an instance of a document class, not {type(value).__name__}{hint}"
