"""The Python blocks of docs/usages/simservs.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/simservs.md, line 20
from xcap_sdk import XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.simservs.edit() as services:
    services.diversion.forward("tel:+4930123456", when="busy")
    services.diversion.forward("sip:voicemail@example.org", when="no-answer")
    services.diversion.no_reply_timer = 20                          # seconds
    services.outgoing_barring.bar("international-exHC")             # abroad, but for the home country
    services.originating_identity_restriction.default = "presentation-not-restricted"
    services.communication_waiting.active = True

services = xcap.simservs.get().model
assert services.diversion.active and services.diversion.target("busy") == "tel:+4930123456"
assert services.outgoing_barring.bars("international-exHC")
assert services.communication_waiting.active

# docs/usages/simservs.md, line 60
from xcap_documents.simservs import CommunicationWaiting

with xcap.simservs.edit() as services:
    assert not services.terminating_identity_restriction.said
    services.communication_waiting = CommunicationWaiting(active=False)
    del services.originating_identity_restriction

# docs/usages/simservs.md, line 79
with xcap.simservs.edit() as services:
    services.diversion.active = False                               # as many servers have it at first
    services.diversion.forward("tel:+4930123456", when="busy")
    assert services.diversion.target("busy") == "tel:+4930123456"   # by the rule, and yet nothing is forwarded
    assert not services.diversion.active

    services.diversion.forward("tel:+4930123456", when="busy", activate=True)
    assert services.diversion.active

# docs/usages/simservs.md, line 93
from xcap_documents.simservs import ForwardTo, RevealUriOptions

with xcap.simservs.edit() as services:
    services.diversion.stop("busy")
    services.diversion.forward(
        ForwardTo(target="tel:+4930123456", notify_caller=False, reveal_identity_to_caller=RevealUriOptions.FALSE),
        when="not-reachable",
    )
    services.diversion.forward("sip:studio@example.org", when="busy", media="video")

    assert services.diversion.target("busy") is None                # deactivated
    assert services.diversion.rule_for("busy") is not None

# docs/usages/simservs.md, line 115
with xcap.simservs.edit() as services:
    rule = services.incoming_barring.rules.add()                    # an id that is free in the whole document
    rule.identity.add("tel:+49900123456")
    rule.media = "video"
    rule.allow = False

    boss = services.diversion.rules.add("boss")
    boss.identity.add("sip:boss@example.org")
    boss.presence_status = "meeting"
    boss.forward_to = "tel:+4930654321"

# docs/usages/simservs.md, line 138
from xcap_documents import DuplicateKey

services = xcap.simservs.get().model
try:
    services.outgoing_barring.rules.add("boss")
except DuplicateKey as error:
    print(error)        # Rule with id 'boss' is there already, in diversion: …

# docs/usages/simservs.md, line 152
import xcap_sdk
from xcap_sdk import InvalidDocument
from xcap_documents.simservs import Simservs

BARRING = '<cp:ruleset><cp:rule id="rule0"><cp:actions><allow>true</allow></cp:actions></cp:rule></cp:ruleset>'
shipped = xcap_sdk.parse(
    f"""<simservs xmlns="http://uri.etsi.org/ngn/params/xml/simservs/xcap"
      xmlns:cp="urn:ietf:params:xml:ns:common-policy">
      <incoming-communication-barring>{BARRING}</incoming-communication-barring>
      <outgoing-communication-barring>{BARRING}</outgoing-communication-barring></simservs>""",
    Simservs,
)
try:
    xcap_sdk.validate(shipped)
except InvalidDocument as error:
    print(error)        # outgoing_barring.rules[0].id: 'rule0' is incoming_barring.rules[0].id already: …

shipped.outgoing_barring.rules["rule0"].id = "rule1"                # how to mend it
xcap_sdk.validate(shipped)

# docs/usages/simservs.md, line 180
from xcap_documents.simservs import CommunicationDiversion

node = xcap.simservs.address().element("simservs/communication-diversion")

reply = xcap.get(node)
bindings = xcap.get(node.namespaces()).value            # what the element does not declare itself (RFC 4825 §8.3)
diversion = xcap_sdk.parse(reply.body, CommunicationDiversion, namespaces=bindings)

diversion.forward("tel:+4930123456", when="unconditional")
xcap_sdk.validate(Simservs(items=[diversion]))          # a raw write checks nothing
xcap.put(node, diversion)                               # If-Match with the ETag that the GET gave

active = node.attribute("active")
xcap.put(active, "false")                               # the smallest write of all
assert xcap.get(active).value == "false"

# docs/usages/simservs.md, line 201
SS = "http://uri.etsi.org/ngn/params/xml/simservs/xcap"
CP = "urn:ietf:params:xml:ns:common-policy"

diversion = xcap_sdk.parse(xcap.get(node).body, CommunicationDiversion, namespaces={"": SS, "ss": SS, "cp": CP})

prefixed = xcap.simservs.address().element("ss:simservs/ss:communication-diversion", namespaces={"ss": SS})
assert xcap.get(prefixed).body == xcap.get(node).body

boss_rule = node.child("cp:ruleset", namespaces={"cp": CP}).child("cp:rule", where=("id", "boss"))
print(boss_rule.uri)
xcap.delete(boss_rule)

# docs/usages/simservs.md, line 223
document = xcap.simservs.get()
document.model.diversion.forward("tel:+4930999", when="no-answer")
document.model.communication_waiting.active = True
print(document.plan(strategy="nodes"))
report = document.save(strategy="nodes")
assert report.outcome == "patched"
