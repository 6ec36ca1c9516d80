"""From models to whole documents."""

from __future__ import annotations

from functools import cache

from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig

from xcap_sdk.documents.classes import classes
from xcap_sdk.documents.compiled.serializer import CompiledSerializer
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.rendering import ALWAYS_PREFIXED, PREFIXES, prefixes_for, render
from xcap_sdk.documents.shapes import Unwritable


def written(model: object, *, stock: bool) -> bytes:
    """A model as a document.

    Args:
        model: An instance of a document class.
        stock: Whether xsdata itself writes the elements.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    try:
        serializer = _stock() if stock else _compiled()
        prefixes = prefixes_for(Outline.of(model)) if stock else None
        return serializer.render(model, prefixes).encode()  # pyright: ignore[reportUnknownMemberType] - xsdata's dict
    except (ValueError, TypeError, AttributeError, Unwritable):
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
