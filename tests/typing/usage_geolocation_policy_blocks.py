"""The Python blocks of docs/usages/geolocation-policy.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/geolocation-policy.md, line 20
from xcap_sdk import XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.geolocation_policy.edit() as policy:
    rule = policy.rules.ensure("colleagues")
    rule.identity.many.add("example.com")
    rule.locations.add_civic(country="DE", A3="Munich", label="Munich", lang="en")
    rule.locations.add_circle(48.3538, 11.7861, 3000, label="Airport")    # latitude, longitude, metres
    rule.provide_location.civic = "city"
    rule.provide_location.radius = 500
    rule.set_retransmission_allowed = False
    rule.set_retention_expiry = 86_400
    rule.set_note_well = "Please keep this to yourself."

    rule = policy.rules.ensure("family")
    rule.identity.add("sip:bob@example.org")
    rule.provide_location = "all"

# docs/usages/geolocation-policy.md, line 44
policy = xcap.geolocation_policy.get().model
munich, airport = policy.rules["colleagues"].locations
assert munich.civic["A3"] == "Munich" and munich.label == "Munich"
assert airport.circle is not None and airport.circle.radius == 3000
print(policy.rules["colleagues"].provide_location.civic, policy.rules["family"].provide_location.all)
