"""What the classes keep of documents, and what they can be turned into."""

from __future__ import annotations

import copy
import pickle

import pytest
from model_documents import NAMESPACES, canonical, read, write
from pydantic import TypeAdapter
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import Entry, External, ResourceList, ResourceLists
from xcap_documents.xcap_caps import Auids, XcapCaps
from xcap_documents.xcap_error import NoParent, UniquenessFailure, XcapError

LISTS = """<ns0:resource-lists xmlns:ns0="urn:ietf:params:xml:ns:resource-lists"><ns0:list
 xmlns:ns1="urn:example:f" name="a" ns1:colour="red"><ns0:display-name xml:lang="en">A</ns0:display-name>
<ns0:entry uri="sip:b@c"><ns1:since year="2001">then <ns1:b/> now</ns1:since></ns0:entry><ns0:list name="in"/>
<ns0:external anchor="http://x"/><ns0:entry-ref ref="r"/><ns0:entry uri="sip:d@e"/><ns1:last/></ns0:list>
</ns0:resource-lists>"""

POLICY = f"""<ruleset {NAMESPACES}><rule id="a"><conditions><ocp:other-identity/><f:weather is="fine"><f:x/></f:weather>
<identity><one id="sip:b@c"/><f:group/><many domain="d"><except id="sip:e@d"/></many></identity></conditions>
<actions><f:before/><pr:sub-handling>allow</pr:sub-handling><f:after/></actions></rule></ruleset>"""


def test_unknown_extensions_survive_in_place() -> None:
    xml = LISTS.replace("\n", "")
    assert write(read(xml, ResourceLists)) == canonical(xml)


def test_unknown_extensions_of_a_policy_survive_a_change() -> None:
    policy = read(POLICY.replace("\n", ""), Ruleset)
    policy.rules["a"].sub_handling = "block"
    policy.rules["a"].identity.add("sip:new@c")

    actions = policy.rules["a"].actions
    assert actions is not None
    assert [getattr(item, "qname", "sub-handling") for item in actions.extensions] == [
        "{urn:example:f}before",
        "sub-handling",
        "{urn:example:f}after",
    ]
    again = read(write(policy), Ruleset)
    assert again == policy
    assert 'is="fine"' in write(again)


@pytest.mark.parametrize(("xml", "root"), [(LISTS, ResourceLists), (POLICY, Ruleset)])
def test_copies(xml: str, root: type[ResourceLists] | type[Ruleset]) -> None:
    model = read(xml, root)

    assert copy.deepcopy(model) == model
    assert pickle.loads(pickle.dumps(model)) == model
    assert repr(copy.deepcopy(model)) == repr(model)
    assert model != root()


def test_json_and_back() -> None:
    book = ResourceLists(
        items=[ResourceList(name="a", items=[Entry(uri="b"), External(anchor="c"), ResourceList()])]
    )
    book.lists["a"].label = "A"
    adapter = TypeAdapter(ResourceLists)

    again = adapter.validate_json(adapter.dump_json(book))
    assert again == book
    assert again.lists["a"].entries["b"]
    assert adapter.validate_python(adapter.dump_python(book)) == book


def test_json_of_a_policy() -> None:
    policy = read(POLICY, Ruleset)
    policy.rules["a"].provide_mood = True
    dumped = TypeAdapter(Ruleset).dump_python(policy, mode="json")

    assert dumped["items"][0]["transformations"] == {"extensions": [{"value": True}]}
    assert dumped["items"][0]["conditions"]["items"][1]["qname"] == "{urn:example:f}weather"


def test_extensions_can_be_added() -> None:
    entry = Entry(uri="a", extensions=[AnyElement(qname="{urn:example:f}x", text="t")])
    assert '<ns1:x xmlns:ns1="urn:example:f">t</ns1:x>' in write(
        ResourceLists(items=[ResourceList(items=[entry])])
    )


def test_capabilities() -> None:
    capabilities = read(
        """<xcap-caps xmlns="urn:ietf:params:xml:ns:xcap-caps"><auids><auid>xcap-caps</auid>
        <auid> resource-lists </auid></auids><extensions><extension>partial</extension></extensions>
        <namespaces><namespace>urn:a</namespace></namespaces><x xmlns="urn:x"/></xcap-caps>""",
        XcapCaps,
    )

    assert capabilities.supports("resource-lists")
    assert not capabilities.supports("pres-rules")
    assert capabilities.knows("urn:a")
    assert not capabilities.knows("urn:b")
    assert capabilities.extended_by("partial")
    assert "resource-lists" in capabilities.auids
    assert "pres-rules" not in capabilities.auids
    assert list(capabilities.auids) == ["xcap-caps", "resource-lists"]
    assert (len(capabilities.namespaces), len(capabilities.foreign)) == (1, 1)
    assert Auids(), "an empty list is there all the same"
    capabilities.extensions = None
    assert not capabilities.extended_by("partial")
    assert read(write(capabilities), XcapCaps) == capabilities


def test_conflict_reports() -> None:
    report = read(
        """<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error"><uniqueness-failure phrase="taken">
        <exists field="a/@b"><alt-value>c</alt-value></exists></uniqueness-failure></xcap-error>""",
        XcapError,
    )

    assert isinstance(report.condition, UniquenessFailure)
    assert report.condition.exists[0].field_name == "a/@b"
    assert report.condition.exists[0].alt_values == ["c"]
    parent = XcapError(condition=NoParent(ancestor="http://x"))
    assert read(write(parent), XcapError) == parent
