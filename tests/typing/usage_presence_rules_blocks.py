"""The Python blocks of docs/usages/presence-rules.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/presence-rules.md, line 22
from xcap_sdk import XcapClient, policy_of

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.pres_rules.edit() as rules:
    policy = policy_of(rules)
    policy.allow("sip:bob@example.org", "sip:carol@example.com")
    policy.polite_block("sip:dave@example.org")           # accepted, and shown nobody at home
    policy.confirm(domain="example.org")                  # pending until alice decides
    policy.block(everyone=True)                           # everyone who is authenticated

# docs/usages/presence-rules.md, line 39
with xcap.pres_rules.edit() as rules:
    policy = policy_of(rules)
    policy.block("sip:carol@example.com")                 # no longer allowed
    policy.forget(domain="example.org")
    for statement in policy.statements:
        print(statement.sub_handling.value, statement.target)

# docs/usages/presence-rules.md, line 53
with xcap.pres_rules.edit() as rules:
    allowed = rules.rules["xcap-sdk-allow"]
    allowed.provide_all_attributes = False
    allowed.provide_activities = True
    allowed.provide_note = True
    allowed.provide_user_input = "bare"

# docs/usages/presence-rules.md, line 67
with xcap.pres_rules.edit() as rules:
    friends = rules.rules.ensure("friends")               # as another client may have made it
    friends.identity.add("sip:erin@example.org")
    friends.sub_handling = "allow"

    change = policy_of(rules).block("sip:erin@example.org")
    for grant in change.remains:
        print(grant.rule, grant.sub_handling, grant.remedy)   # friends … rules["friends"].identity.remove(…)
        assert not grant.own

    friends.identity.remove("sip:erin@example.org")       # whoever decides to do so
    del rules.rules["friends"]
    assert not policy_of(rules).block("sip:erin@example.org").remains

# docs/usages/presence-rules.md, line 93
import datetime as dt

policy = policy_of(xcap.pres_rules.get().model)
bob = policy.permissions_for("sip:bob@example.org")
assert bob.allowed and bob.provide_activities and not bob.provide_mood
assert bob.provide_services.all
print(bob.sub_handling, bob.sub_handling_from)            # and which rules grant that much
print(bob)                                                # the same for people, with what is shown

mallory = policy.permissions_for("sip:mallory@example.net", at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
assert not mallory.allowed
stranger = policy.permissions_for(None)                   # who is not authenticated
assert stranger.matched == ()

# docs/usages/presence-rules.md, line 148
lists = xcap.resource_lists.address()
work = lists.element('resource-lists/list[@name="work"]')

with xcap.oma_pres_rules.edit() as rules:
    policy_of(rules).allow(external_list=work)

    rule = rules.rules.ensure("strangers")
    rule.other_identity = True
    rule.sub_handling = "confirm"

policy = policy_of(xcap.oma_pres_rules.get().model)
assert policy.permissions_for("sip:bob@example.org", lists={work.uri: ["sip:bob@example.org"]}).allowed
[undecided] = policy.permissions_for("sip:bob@example.org").unknown
assert undecided.condition == "external-list"             # nobody said who is on it

# docs/usages/presence-rules.md, line 183
from xcap_sdk import WellKnownRule, rcs_rules

bob = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:bob@example.org", auth=("bob", "secret"))
bob.oma_pres_rules.create(rcs_rules(bob.resource_lists.address()))
assert bob.oma_pres_rules.get().model.rules[WellKnownRule.UNLISTED].other_identity

# docs/usages/presence-rules.md, line 198
from datetime import UTC, datetime

with xcap.pres_rules.edit() as rules:
    rule = rules.rules.ensure("colleagues")
    colleagues = rule.identity.many.add("example.com")
    colleagues.except_ids.add("sip:boss@example.com")
    rule.sphere = "work"
    rule.periods = [(datetime(2030, 1, 1, 8, tzinfo=UTC), datetime(2030, 1, 1, 17, tzinfo=UTC))]
    rule.sub_handling = "allow"
    rule.provide_services.schemes.add("sip")
    rule.provide_unknown_attributes["urn:example:ns", "weather"] = True

# docs/usages/presence-rules.md, line 217
import dataclasses
from xcap_sdk import OMA_PRES_RULES

as_openxcap = dataclasses.replace(
    OMA_PRES_RULES, document="index", namespace="urn:ietf:params:xml:ns:pres-rules"
)
elsewhere = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", usages=[as_openxcap])
assert elsewhere.oma_pres_rules.address().document == "index"
assert elsewhere.address("org.openmobilealliance.pres-rules").document == "index"
