"""The Python blocks of docs/usages/user-profile.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/user-profile.md, line 19
from datetime import date
from xcap_sdk import XcapClient
from xcap_documents.oma_user_profile import Gender

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.user_profile.edit() as document:
    me = document.profile
    me.label = "Alice"                                    # the display name
    me.given_name, me.family_name = "Alice", "Liddell"    # makes the element name
    me.locality, me.country = "Oxford", "England"         # makes the element address
    me.birth_date = date(1995, 5, 20)
    me.gender = Gender.FEMALE
    me.about = "Curiouser and curiouser"                  # the element freetext
    me.hobbies = ["Croquet", "Chess"]
    me.communication_addresses.add("tel:+441865276150")
    me.communication_types.add("Instant messaging")
    me.favourite_links.add("https://www.rfc-editor.org/")

# docs/usages/user-profile.md, line 46
profile = xcap.user_profile.get().model.profile
assert "Chess" in profile.hobbies
assert profile.middle_name is None
assert profile.birth_date == date(1995, 5, 20)

bob = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:bob@example.org", auth=("bob", "secret"))
assert bob.of("sip:alice@example.org").user_profile.get().model.profile.family_name == "Liddell"

# docs/usages/user-profile.md, line 62
from xcap_documents.oma_user_profile import ProfileText

with xcap.user_profile.edit() as document:
    document.profile.display_name = ProfileText(value="Alice", lang="en")
    if document.profile.hobby_list is not None:
        document.profile.hobby_list.items.append(ProfileText(value="Schach", lang="de"))

assert "Schach" in xcap.user_profile.get().model.profile.hobbies

# docs/usages/user-profile.md, line 80
from xcap_sdk import Forbidden

try:
    with xcap.locked_user_profile.edit() as document:
        document.profile.label = "Queen Alice"
except Forbidden as error:
    print(error)
