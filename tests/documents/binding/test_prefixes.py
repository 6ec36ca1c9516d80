"""The prefixes of new content: it reads as people write it, rpid:activities and not n1:activities."""

from __future__ import annotations

import re

from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents._modules import MODULES
from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import SubHandling
from xcap_sdk import serialize
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.rendering import prefixes_for


def test_every_namespace_with_classes_has_a_prefix_of_its_own() -> None:
    used = set(MODULES)
    root = AnyElement(
        qname="{urn:example}root", children=[AnyElement(qname=f"{{{namespace}}}x") for namespace in used]
    )
    prefixes = prefixes_for(Outline.of(root))
    assert set(prefixes.values()) == used | {"urn:example"}
    assert not [prefix for prefix in prefixes if prefix and re.fullmatch("n[0-9]+", prefix)]


def test_a_new_document_declares_the_usual_ones() -> None:
    model = Ruleset()
    model.rules.ensure("a").sub_handling = SubHandling.ALLOW
    assert b"<pr:sub-handling>allow</pr:sub-handling>" in serialize(model)
