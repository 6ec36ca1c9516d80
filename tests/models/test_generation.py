"""The generated package is what the schemas give, and has names that a person would choose."""

from __future__ import annotations

import dataclasses
import enum
import importlib
import importlib.util
import inspect
import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from lxml import etree

import xcap_documents
from xcap_documents._modules import MODULES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(xcap_documents.__file__).parent
CLASSES = [
    found
    for name in MODULES.values()
    for found in vars(importlib.import_module(name)).values()
    if inspect.isclass(found) and found.__module__ == name
]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "tools" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the generator makes of the schemas, in a folder of its own."""
    pytest.importorskip("xsdata.codegen.writer", reason="needs xsdata[cli]")
    return generator().build(tmp_path_factory.mktemp("generated"), PACKAGE / "_behaviour")


def test_regeneration_gives_the_same_bytes(built: dict[str, bytes]) -> None:
    assert generator().differences(built, PACKAGE) == []
    assert "resource_lists.py" in built
    assert "py.typed" in built


def test_a_changed_a_missing_and_a_stale_file_are_noticed(built: dict[str, bytes], tmp_path: Path) -> None:
    target = tmp_path / "xcap_documents"
    shutil.copytree(PACKAGE, target)
    (target / "xcap_caps.py").write_text("changed", encoding="utf-8")
    (target / "py.typed").unlink()
    (target / "stale.py").write_text("", encoding="utf-8")
    (target / "_behaviour" / "written_by_hand.py").write_text("", encoding="utf-8")

    assert generator().differences(built, target) == ["py.typed", "stale.py", "xcap_caps.py"]


def test_the_schemas_in_the_package_compile_together() -> None:
    schema = etree.XMLSchema(etree.parse(PACKAGE / "_schemas" / "all.xsd"))

    assert schema.validate(etree.fromstring('<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"/>'))


def test_every_schema_has_its_module_and_namespace() -> None:
    namespaces = {
        namespace: importlib.import_module(name).__NAMESPACE__ for namespace, name in MODULES.items()
    }
    schemas = {
        etree.parse(path).getroot().get("targetNamespace")
        for path in (PACKAGE / "_schemas").glob("*.xsd")
        if path.name not in {"all.xsd", "xml.xsd"}
    }

    assert namespaces == {namespace: namespace for namespace in schemas}


@pytest.mark.parametrize("found", CLASSES, ids=lambda found: f"{found.__module__}.{found.__name__}")
def test_a_class_is_named_and_made_as_it_should_be(found: type[Any]) -> None:
    # place-type and provide-place-type are called so by RFC 4480 and RFC 5025, and a mime-type is one.
    assert not found.__name__.endswith("Type") or found.__name__ in {
        "MimeType",
        "PlaceType",
        "ProvidePlaceType",
    }
    assert not re.search(r"(?<!Utf)\d$|(?<!XmlAtt)(?<!InvalidAttribute)Value$", found.__name__)
    assert found.__doc__
    assert (
        "Attributes:" in found.__doc__ or not [name for name in vars(found) if not name.startswith("_")][1:]
    )
    if enum.Enum in found.__mro__:
        return
    assert dataclasses.is_dataclass(cast("object", found))
    for field in dataclasses.fields(found):
        assert field.kw_only
        assert not re.search(r"_value$|_\d$|_element$", field.name), field.name
    assert not hasattr(object.__new__(found), "__dict__")


def test_the_names_of_the_contract_are_there() -> None:
    from xcap_documents import (
        common_policy,
        oma_pres_content,
        pres_rules,
        resource_lists,
        xcap_caps,
        xcap_error,
    )

    expected = {
        resource_lists: "ResourceLists ResourceList Entry EntryRef External DisplayName",
        common_policy: "Ruleset Rule Conditions Identity One Many Except Sphere Validity Actions Transformations",
        pres_rules: "SubHandling ProvideUserInput UserInput ProvideServices ProvideMood",
        oma_pres_content: "StatusIcon",
        xcap_caps: "XcapCaps",
        xcap_error: "XcapError UniquenessFailure NoParent",
    }
    for module, names in expected.items():
        assert not [name for name in names.split() if not hasattr(module, name)]
    assert [each.name for each in pres_rules.SubHandling] == ["BLOCK", "CONFIRM", "POLITE_BLOCK", "ALLOW"]
