"""From models to whole documents."""

from __future__ import annotations

from functools import cache

from xsdata.exceptions import SerializerError, XmlContextError
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig

from xcap_sdk.documents.classes import classes
from xcap_sdk.documents.compiled.serializer import CompiledSerializer
from xcap_sdk.documents.compiled.stock import REFUSALS
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.rendering import ALWAYS_PREFIXED, PREFIXES, prefixes_for, render
from xcap_sdk.documents.shapes import Unwritable

_REFUSED = {False: (SerializerError, XmlContextError), True: (*REFUSALS, Unwritable)}


def written(model: object, *, stock: bool) -> bytes:
    """A model as a document.

    Args:
        model: An instance of a document class.
        stock: Whether xsdata itself writes the elements.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    try:
        if stock:
            return _stock().render(model, prefixes_for(Outline.of(model))).encode()  # pyright: ignore[reportUnknownMemberType] - xsdata's dict
        return _compiled().render(model).encode()
    except _REFUSED[stock]:
        return render(Outline.of(model))  # which says where it is that XML cannot hold it


@cache
def _stock() -> XmlSerializer:
    return XmlSerializer(config=SerializerConfig(indent="  "), context=classes())


@cache
def _compiled() -> CompiledSerializer:
    return CompiledSerializer(
        config=SerializerConfig(indent="  "),
        context=classes(),
        prefixes=PREFIXES,
        never_default=ALWAYS_PREFIXED,
    )
