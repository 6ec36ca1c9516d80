"""The elements that xsdata itself reads."""

from __future__ import annotations

import os
import threading
import warnings
from typing import TYPE_CHECKING, Any

from xsdata.exceptions import ConverterWarning
from xsdata.formats.dataclass.context import XmlContext

from xcap_sdk.documents.compiled.trees import Element

if TYPE_CHECKING:
    from xsdata.formats.dataclass.parsers import XmlParser

    from xcap_sdk.documents.compiled.reading import Rules

REFUSALS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What xsdata raises for what it cannot read, and a class of one's own for values that it does not expect."""


class Stock:
    """Reads elements as classes as xsdata itself does; what that takes is imported when it is needed.

    Args:
        context: Knows the classes.
        rules: What to do with what does not fit.
    """

    _one_at_a_time = threading.RLock()  # as which warnings are shown is a matter of the whole process

    def __init__(self, context: XmlContext, rules: Rules) -> None:
        self._context = context
        self._rules = rules
        self._made: XmlParser | None = None

    def read(self, element: Element, cls: type[Any]) -> Any:
        """Read an element as a class; a value of the wrong form stays text without a warning."""
        parser = self._made = self._made or self._parser()
        with self._one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore", ConverterWarning)
            return parser.parse(element, cls, {})

    def _parser(self) -> XmlParser:
        from xsdata.formats.dataclass.parsers import XmlParser
        from xsdata.formats.dataclass.parsers.config import ParserConfig

        from xcap_sdk.documents.compiled.handler import TreeHandler

        config = ParserConfig(**self._rules._asdict())
        return XmlParser(config=config, context=self._context, handler=TreeHandler)

    @classmethod
    def after_fork(cls) -> None:
        """Begin anew in the child of a fork, where no other thread gives the lock back."""
        cls._one_at_a_time = threading.RLock()


if hasattr(os, "register_at_fork"):  # where there are forks
    os.register_at_fork(after_in_child=Stock.after_fork)
