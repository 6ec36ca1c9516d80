"""allow, block, polite_block and confirm: what they write, what they leave alone, what they report."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_documents import ALICE, BOB, CAROL, MALLORY, NOON, on_list, one, rule, ruleset

from xcap_documents.common_policy import Except, Many, Ruleset
from xcap_documents.pres_rules import Class, SubHandling
from xcap_sdk import OMA_PRES_RULES, PRES_RULES, DocumentAddress, XcapRoot, validate
from xcap_sdk.errors import InvalidAddress, InvalidInput
from xcap_sdk.usages.policy import Change, Kind, Target, policy_of
from xcap_sdk.usages.policy.permissions import STRENGTH

ALLOW, BLOCK, CONFIRM, POLITE = (
    SubHandling.ALLOW,
    SubHandling.BLOCK,
    SubHandling.CONFIRM,
    SubHandling.POLITE_BLOCK,
)
LIST = "https://xcap.example/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list%5B@name=%22work%22%5D"


def named(model: Ruleset) -> dict[str, list[str | None]]:
    """Whom each rule names."""
    return {
        each.id: [
            *each.identity.keys(),
            *(many.domain or "*" for many in each.identity.many),
            *each.external_list.keys(),
        ]
        for each in model.items
    }


def said(model: Ruleset, watcher: str | None) -> SubHandling:
    return policy_of(model).permissions_for(watcher, at=NOON, lists={}).sub_handling


# What is written.


def test_allowing_a_user_shows_everything() -> None:
    model = Ruleset()
    change = policy_of(model).allow(BOB)
    assert change == Change(sub_handling=ALLOW, changed=True, remains=())
    assert str(change) == "said allow"
    [made] = model.items
    assert made.id == "xcap-sdk-allow"
    assert made.identity.keys() == [BOB]
    found = policy_of(model).permissions_for(BOB)
    assert found.allowed
    assert found.provide_all_attributes
    assert found.provide_services.all
    assert found.provide_persons.all
    assert found.provide_devices.all
    for usage in (PRES_RULES, OMA_PRES_RULES):
        validate(model, usage)


@pytest.mark.parametrize(
    ("method", "handling"),
    [("block", BLOCK), ("polite_block", POLITE), ("confirm", CONFIRM)],
)
def test_what_is_not_allowed_shows_nothing(method: str, handling: SubHandling) -> None:
    model = Ruleset()
    getattr(policy_of(model), method)(BOB)
    [made] = model.items
    assert (made.id, made.sub_handling, made.transformations) == (
        f"xcap-sdk-{handling.value}",
        handling,
        None,
    )
    validate(model, OMA_PRES_RULES)


def test_a_user_moves_from_one_rule_to_another() -> None:
    model = Ruleset()
    policy = policy_of(model)
    policy.allow(BOB, CAROL)
    policy.block("sip:bob@EXAMPLE.org")
    assert named(model) == {"xcap-sdk-allow": [CAROL], "xcap-sdk-block": ["sip:bob@EXAMPLE.org"]}
    policy.confirm(CAROL)
    assert named(model) == {"xcap-sdk-block": ["sip:bob@EXAMPLE.org"], "xcap-sdk-confirm": [CAROL]}
    assert [said(model, watcher) for watcher in (BOB, CAROL)] == [BLOCK, CONFIRM]


def test_everything_may_be_said_twice() -> None:
    model = Ruleset()
    policy = policy_of(model)
    first = policy.allow(BOB, "sip:bob@Example.org", CAROL)
    assert first.changed
    assert named(model) == {"xcap-sdk-allow": [BOB, CAROL]}
    for again in (
        policy.allow(BOB),
        policy.allow("sip:bob@Example.org"),
        policy.allow(CAROL, BOB),
        policy.forget(MALLORY),
    ):
        assert not again.changed
    assert str(policy.allow(BOB)) == "allow was said already"
    policy.block(domain="example.net")
    assert not policy.block(domain="EXAMPLE.net").changed
    policy.confirm(everyone=True)
    assert not policy.confirm(everyone=True).changed
    policy.allow(external_list=LIST)
    assert not policy.allow(external_list=LIST).changed


def test_domains_everyone_and_lists() -> None:
    model = Ruleset()
    policy = policy_of(model)
    policy.allow(domain="example.org")
    policy.confirm(everyone=True)
    policy.polite_block(external_list=LIST)
    assert named(model) == {
        "xcap-sdk-allow": ["example.org"],
        "xcap-sdk-confirm": ["*"],
        "xcap-sdk-polite-block-lists": [LIST],
    }
    assert [said(model, watcher) for watcher in (BOB, CAROL, None)] == [ALLOW, CONFIRM, BLOCK]
    validate(model, OMA_PRES_RULES)
    policy.allow(external_list=LIST)
    policy.forget(everyone=True)
    assert named(model) == {"xcap-sdk-allow": ["example.org"], "xcap-sdk-allow-lists": [LIST]}
    members = policy.permissions_for(CAROL, lists={LIST: [CAROL]})
    assert members.allowed
    assert policy.statements[1].target == Target(Kind.LIST, LIST)
    assert policy.statements[0].sub_handling is ALLOW
    assert policy.statements[0].rule == "xcap-sdk-allow"


def test_a_list_by_its_address() -> None:
    index = DocumentAddress(
        root=XcapRoot("https://xcap.example/root"),
        auid="resource-lists",
        tree="users",
        xui=ALICE,
        document="index",
        default_namespace="urn:ietf:params:xml:ns:resource-lists",
    )
    model = Ruleset()
    policy_of(model).allow(external_list=index.element('resource-lists/list[@name="friends"]'))
    assert named(model)["xcap-sdk-allow-lists"] == [
        "https://xcap.example/root/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list%5B@name=%22friends%22%5D"
    ]


def test_the_narrowest_statement_counts() -> None:
    model = Ruleset()
    policy = policy_of(model)
    policy.block(BOB)
    policy.allow(domain="example.org")  # which would take bob in
    assert [said(model, watcher) for watcher in (BOB, ALICE)] == [BLOCK, ALLOW]
    policy.confirm(everyone=True)
    policy.block(domain="example.com")
    assert [said(model, each) for each in (BOB, ALICE, CAROL, MALLORY)] == [BLOCK, ALLOW, BLOCK, CONFIRM]
    everyone = next(each for each in model.rules["xcap-sdk-confirm"].identity.many)
    assert everyone.items == [Except(id=BOB), Except(domain="example.com")]
    policy.allow(BOB)
    assert everyone.items == [Except(domain="example.com")]
    assert not model.rules["xcap-sdk-allow"].identity.many["example.org"].items
    policy.forget(domain="example.com")
    assert everyone == Many()
    assert said(model, CAROL) is CONFIRM


def test_exceptions_of_ones_own_stay() -> None:
    model = Ruleset()
    policy = policy_of(model)
    policy.allow(domain="example.org")
    many = model.rules["xcap-sdk-allow"].identity.many["example.org"]
    many.except_ids.add(ALICE)
    policy.block(BOB)
    policy.forget(BOB)
    assert many.items == [Except(id=ALICE)]
    policy.allow(domain="example.org")
    assert many.items == [Except(id=ALICE)]
    policy.allow(ALICE)
    assert many.items == []


def test_exceptions_that_say_nothing_or_two_things_stay() -> None:
    own = f'<identity><many><except/><except id="{BOB}" domain="example.com"/></many></identity>'
    model = ruleset(rule(own, name="xcap-sdk-allow"))
    policy = policy_of(model)
    policy.block(BOB)
    [many] = model.rules["xcap-sdk-allow"].identity.many
    assert many.items == [Except(), Except(id=BOB, domain="example.com"), Except(id=BOB)]
    policy.forget(BOB)
    assert many.items == [Except(), Except(id=BOB, domain="example.com")]


def test_transformations_of_ones_own_stay() -> None:
    model = Ruleset()
    policy = policy_of(model)
    policy.allow(BOB)
    mine = model.rules["xcap-sdk-allow"]
    mine.provide_all_attributes = False
    mine.provide_note = True
    mine.provide_services = [Class(value="public")]
    before = copy.deepcopy(mine.transformations)
    policy.allow(CAROL)
    assert mine.identity.keys() == [BOB, CAROL]
    assert mine.transformations == before


# What is left alone.

FOREIGN = [
    rule(one(BOB), name="friends"),
    rule(f'{one(BOB)}<sphere value="work"/>', name="xcap-sdk-allow"),
    rule(f"{one(BOB)}<f:x/>", name="xcap-sdk-allow"),
    rule(f"{one(BOB)}{one(BOB)}", name="xcap-sdk-allow"),
    rule(f'<identity><one id="{BOB}"><f:x/></one></identity>', name="xcap-sdk-allow"),
    rule(f'<identity><f:x/><one id="{BOB}"/></identity>', name="xcap-sdk-allow"),
    rule(
        f'<identity><many domain="example.com"><f:x/></many><one id="{BOB}"/></identity>',
        name="xcap-sdk-allow",
    ),
    rule(on_list(LIST), name="xcap-sdk-allow"),
    rule(one(BOB), "confirm", name="xcap-sdk-allow"),
    rule(one(BOB), None, name="xcap-sdk-allow"),
    rule(one(BOB), "perhaps", name="xcap-sdk-allow"),
    rule(one(BOB), transformations="<f:x/>", name="xcap-sdk-allow"),
    rule(one(BOB), transformations="<pr:provide-mood>yes</pr:provide-mood>", name="xcap-sdk-allow"),
    rule(
        one(BOB), "block", "<pr:provide-mood>true</pr:provide-mood>", name="xcap-sdk-block"
    ),  # not as OMA has it
    '<rule id="xcap-sdk-allow"/>',
    rule("", name="xcap-sdk-allow"),
    rule(one(BOB), name="xcap-sdk-allowed"),
    rule(one(BOB), name="XCAP-SDK-ALLOW"),
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_rules_of_others_are_never_edited(foreign: str) -> None:
    model = ruleset(foreign)
    before = copy.deepcopy(model.items[0])
    policy = policy_of(model)
    for edit in (policy.block, policy.allow, policy.polite_block, policy.confirm, policy.forget):
        edit(BOB)
        edit(domain="example.com")
        edit(everyone=True)
        edit(external_list=LIST)
        assert model.items[0] == before
        assert len({each.id for each in model.items}) == len(model.items)
    assert model.items == [before]


def test_a_taken_id_gets_a_number() -> None:
    model = ruleset(rule("<f:x/>", name="xcap-sdk-allow"), rule("<f:x/>", name="xcap-sdk-allow-2"))
    policy = policy_of(model)
    policy.allow(BOB)
    policy.allow(CAROL)
    assert model.items[2].id == "xcap-sdk-allow-3"
    assert model.items[2].identity.keys() == [BOB, CAROL]
    policy.block(BOB, CAROL)
    assert [each.id for each in model.items] == ["xcap-sdk-allow", "xcap-sdk-allow-2", "xcap-sdk-block"]


def test_a_user_leaves_every_own_rule() -> None:
    own = rule(f'<identity><one id="{BOB}"/><one id="{BOB};lr"/></identity>', name="xcap-sdk-allow-7")
    model = ruleset(own, rule(one(BOB, CAROL), name="xcap-sdk-allow"))
    policy_of(model).block(BOB)
    assert named(model) == {"xcap-sdk-allow": [CAROL], "xcap-sdk-block": [BOB]}


# What is reported.


def remains(*rules: str, **arguments: object) -> list[tuple[str, str, str, bool, bool]]:
    change = policy_of(ruleset(*rules)).block(**arguments)  # pyright: ignore[reportArgumentType]
    return [(each.rule, each.to, each.remedy, each.own, each.conditional) for each in change.remains]


@pytest.mark.parametrize(
    ("conditions", "to", "remedy", "conditional"),
    [
        (one(BOB), BOB, f'rules["r"].identity.remove("{BOB}")', False),
        (one("sip:bob@Example.org"), "sip:bob@Example.org", 'remove("sip:bob@Example.org")', False),
        (f'{one(BOB)}<sphere value="work"/>', BOB, "remove", True),
        (f"{one(BOB)}<f:x/>", BOB, "remove", True),
        (
            "<identity><many/></identity>",
            BOB,
            f'rules["r"].identity.many.ensure().except_ids.add("{BOB}")',
            False,
        ),
        (
            '<identity><many domain="example.org"/></identity>',
            BOB,
            f'rules["r"].identity.many["example.org"].except_ids.add("{BOB}")',
            False,
        ),
        ("", BOB, 'rules["r"] has no identity: give it one, or remove it', False),
        ('<sphere value="work"/>', BOB, "has no identity", True),
    ],
)
def test_rules_that_still_allow_a_blocked_user(
    conditions: str, to: str, remedy: str, conditional: bool
) -> None:
    model = ruleset(rule(conditions, name="r"))
    change = policy_of(model).block(BOB)
    [grant] = change.remains
    assert (grant.rule, grant.to, grant.own, grant.conditional) == ("r", to, False, conditional)
    assert (grant.target, grant.sub_handling) == (Target(Kind.USER, BOB), ALLOW)
    assert remedy in grant.remedy
    assert "rule 'r' grants allow to" in str(change)
    if not conditional:
        assert said(model, BOB) is ALLOW
    if remedy.startswith("rules[") and "has no" not in remedy:  # what can be done helps
        exec(grant.remedy, {"rules": model.rules})
        assert policy_of(model).block(BOB).remains == ()
        assert said(model, BOB) is BLOCK


@pytest.mark.parametrize(
    "conditions",
    [
        one(CAROL),
        f'<identity><many><except id="{BOB}"/></many></identity>',
        '<identity><many><except domain="example.org"/></many></identity>',
        '<identity><many domain="example.com"/></identity>',
        "<identity><many><f:x/></many></identity>",
        on_list(LIST),
        "<ocp:other-identity/>",
        "<ocp:anonymous-request/>",
    ],
)
def test_rules_that_have_nothing_to_do_with_a_blocked_user(conditions: str) -> None:
    assert policy_of(ruleset(rule(conditions, name="r"))).block(BOB).remains == ()


def test_rules_that_grant_no_more_are_not_reported() -> None:
    policy = policy_of(ruleset(rule(one(BOB), "confirm", name="r")))
    assert policy.polite_block(BOB).remains == ()
    assert policy.allow(BOB).remains == ()
    assert policy.confirm(BOB).remains == ()
    [grant] = policy.block(BOB).remains
    assert grant.sub_handling is CONFIRM
    [grant] = policy.forget(BOB).remains
    assert grant.rule == "r"


def test_what_remains_of_a_blocked_domain() -> None:
    found = remains(
        rule(one(BOB, CAROL), name="friends"),
        rule('<identity><many domain="Example.org"/><many/></identity>', name="wide"),
        rule('<identity><many><except domain="example.org"/></many></identity>', name="without"),
        rule("<identity><many/></identity>", "block", name="no-more"),
        domain="example.org",
    )
    assert [(rule_id, to) for rule_id, to, *_ in found] == [
        ("friends", BOB),
        ("wide", "everyone of Example.org"),
        ("wide", "everyone of example.org"),
    ]
    assert [remedy for _, _, remedy, *_ in found] == [
        f'rules["friends"].identity.remove("{BOB}")',
        'rules["wide"].identity.many.remove("Example.org")',
        'rules["wide"].identity.many.ensure().except_domains.add("example.org")',
    ]


def test_what_remains_when_everyone_is_blocked() -> None:
    model = ruleset(rule('<identity><many domain="example.com"/><many/></identity>', name="r"))
    policy = policy_of(model)
    policy.allow(BOB)
    change = policy.block(everyone=True)
    assert [(each.rule, each.to, each.own) for each in change.remains] == [
        ("r", "everyone of example.com", False),
        ("r", "everyone", False),
        ("xcap-sdk-allow", BOB, True),
    ]
    assert "the SDK's own rule 'xcap-sdk-allow' grants allow" in str(change)
    for grant in change.remains[:2]:
        code = grant.remedy
        exec(code, {"rules": model.rules})
    assert [each.own for each in policy.block(everyone=True).remains] == [True]


def test_what_remains_when_a_list_is_blocked() -> None:
    found = remains(
        rule(on_list("https://other.example/l", LIST), name="lists"),
        rule(on_list("https://other.example/l"), name="other"),
        rule("<identity><many/></identity>", name="everyone"),
        rule(one(BOB), name="bob"),
        external_list=LIST,
    )
    assert [(rule_id, remedy) for rule_id, _, remedy, *_ in found] == [
        ("lists", f'rules["lists"].external_list.remove("{LIST}")'),
        ("everyone", 'rules["everyone"].identity.anyone = False'),
    ]


def test_lists_do_not_count_beside_an_identity_for_everyone() -> None:
    policy = policy_of(ruleset(rule("<ocp:other-identity/>", "confirm", name="unlisted")))
    assert policy.allow(external_list=LIST).outranked == ()
    change = policy.confirm(everyone=True)
    assert change.outranked == ("unlisted", "xcap-sdk-allow-lists")
    assert "rule 'unlisted' does not count: an identity takes everyone in" in str(change)
    assert policy.allow(external_list=LIST).outranked == ("xcap-sdk-allow-lists",)
    assert not policy.permissions_for(CAROL, lists={LIST: [CAROL]}).allowed
    assert policy.forget(everyone=True).outranked == ()
    assert policy.permissions_for(CAROL, lists={LIST: [CAROL]}).allowed


def test_other_documents_of_the_user_count_for_what_remains_and_stay() -> None:
    other = ruleset(rule(one(BOB), name="elsewhere"))
    before = copy.deepcopy(other)
    change = policy_of(Ruleset(), other).block(BOB)
    assert [each.rule for each in change.remains] == ["elsewhere"]
    assert other == before


# What cannot be said.


@pytest.mark.parametrize(
    ("uris", "others", "message"),
    [
        ((), {}, "whom do you mean"),
        ((BOB,), {"everyone": True}, "whom do you mean"),
        ((), {"domain": "example.org", "external_list": LIST}, "whom do you mean"),
        ((), {"domain": ""}, "no domain"),
        ((), {"domain": "sip:example.org"}, "no domain"),
        ((), {"domain": "bob@example.org"}, "no domain"),
        ((), {"domain": "a..b"}, "no domain"),
        ((), {"external_list": "friends"}, "no absolute http or https URI of a list"),
        ((), {"external_list": "http://[bad"}, "no absolute http"),
        (("bob@example.org",), {}, "did you mean 'sip:bob@example.org'"),
        ((BOB, ""), {}, "no URI with a scheme"),
        (([BOB],), {}, "of type list and no URI: give URIs one by one"),
        ((BOB, 3), {}, "'3' is of type int"),
    ],
)
def test_what_cannot_be_said(uris: tuple[str, ...], others: dict[str, object], message: str) -> None:
    model = Ruleset()
    policy = policy_of(model)
    for edit in (policy.allow, policy.block, policy.polite_block, policy.confirm, policy.forget):
        with pytest.raises((InvalidInput, InvalidAddress), match=message):
            edit(*uris, **others)  # pyright: ignore[reportArgumentType]
    assert model == Ruleset()


def test_many_users_at_once_take_linear_time() -> None:
    model = Ruleset()
    policy = policy_of(model)
    users = [f"sip:{number}@example.org" for number in range(3_000)]
    policy.allow(*users)
    policy.allow(domain="example.org")
    policy.block(*users[:1_500])
    assert len(model.rules["xcap-sdk-allow"].identity) == len(model.rules["xcap-sdk-block"].identity) == 1_500
    assert len(model.rules["xcap-sdk-allow"].identity.many["example.org"].items) == 1_500


# Whatever is said, in whatever order.

USERS = [ALICE, BOB, CAROL, MALLORY]
DOMAINS = ["example.org", "example.com"]
STATEMENTS = st.tuples(
    st.sampled_from(["allow", "block", "polite_block", "confirm", "forget"]),
    st.one_of(
        st.lists(st.sampled_from(USERS), min_size=1, max_size=3).map(tuple),
        st.sampled_from(DOMAINS),
        st.just(None),
    ),
)
HANDLINGS = {"allow": ALLOW, "block": BLOCK, "polite_block": POLITE, "confirm": CONFIRM, "forget": None}
FOREIGN_RULES = [
    rule(one(BOB, CAROL), "polite-block", name="friends"),
    rule('<identity><many domain="example.net"/></identity>', "confirm", name="net"),
    rule(f"{one(ALICE)}<f:x/>", name="xcap-sdk-allow"),
]


def expected(spoken: dict[str | None, SubHandling], user: str) -> SubHandling:
    domain = user.partition("@")[2]
    return next((spoken[each] for each in (user, domain, None) if each in spoken), BLOCK)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENTS, max_size=8), st.booleans())
def test_any_statements(spoken: list[tuple[str, tuple[str, ...] | str | None]], foreign: bool) -> None:
    model = ruleset(*FOREIGN_RULES if foreign else ())
    theirs = copy.deepcopy(model.items)
    policy = policy_of(model)
    state: dict[str | None, SubHandling] = {}
    for method, whom in spoken:
        edit = getattr(policy, method)
        handling = HANDLINGS[method]
        arguments = whom if isinstance(whom, tuple) else ()
        keywords = {} if arguments else {"everyone": True} if whom is None else {"domain": whom}
        change: Change = edit(*arguments, **keywords)
        for key in arguments or [whom]:
            assert not isinstance(key, tuple)
            state.pop(key, None)
            if handling is not None:
                state[key] = handling
        assert model.items[: len(theirs)] == theirs
        after = copy.deepcopy(model)
        assert not edit(*arguments, **keywords).changed
        assert model == after
        validate(model, OMA_PRES_RULES)
        for user in USERS:
            others = policy_of(Ruleset(items=theirs)).permissions_for(user).sub_handling
            found = policy.permissions_for(user).sub_handling
            assert found is max(expected(state, user), others, key=STRENGTH.__getitem__), user
            if user in arguments and handling is not None:
                certain = [
                    each for each in change.remains if each.target.value == user and not each.conditional
                ]
                assert bool(certain) is (STRENGTH[found] > STRENGTH[handling])
    found = {(each.target.value or None, each.sub_handling) for each in policy.statements}
    assert found == set(state.items())


def test_what_is_no_policy() -> None:
    class Document:
        model = Ruleset()

    with pytest.raises(InvalidInput, match=r"a Ruleset, not of a Document; give its \.model"):
        policy_of(Document())  # pyright: ignore[reportArgumentType] - what is tested
    with pytest.raises(InvalidInput, match=r"a Ruleset, not of a dict$"):
        policy_of(Ruleset(), {})  # pyright: ignore[reportArgumentType] - what is tested


def test_what_a_policy_shows() -> None:
    policy = policy_of(model := Ruleset())
    assert repr(policy) == "<PresencePolicy of 0 rules, by the SDK: nothing>"
    model.rules.add("mine")
    policy.allow(BOB)
    policy.block(domain="example.net")
    assert (
        str(policy) == f"<PresencePolicy of 3 rules, by the SDK: allow {BOB}, block everyone of example.net>"
    )
