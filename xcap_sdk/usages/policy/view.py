"""The view of a presence policy: who may see what, and the edits that people think in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import unquote

from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import SubHandling
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.addresses import ElementAddress
from xcap_sdk.protocol.naming import user_uri
from xcap_sdk.usages.policy.changes import Change, outranked, remaining
from xcap_sdk.usages.policy.combining import combine
from xcap_sdk.usages.policy.matching import Lists, Request, counting, judge
from xcap_sdk.usages.policy.own import Statement, state, statements
from xcap_sdk.usages.policy.permissions import Permissions
from xcap_sdk.usages.policy.targets import Target, targets

ListMembers = Mapping[str, Iterable[str]] | Callable[[str], Iterable[str] | None]
"""Who is on the resource lists that rules point to: by the lists' URIs, or as a function of them that gives
None for a list that it does not know."""


def policy_of(model: Ruleset, *others: Ruleset, oma: bool = True) -> PresencePolicy:
    """See presence rules as a policy.

        with xcap.pres_rules.edit() as rules:
            policy_of(rules).allow("sip:bob@example.org")

    Args:
        model: The document, of either application usage; edits change it.
        others: The user's other documents, which are only read: a presence server uses all of them (RFC 5025
            §9.7).
        oma: Whether the server knows OMA's conditions; if not, they never hold.

    Raises:
        InvalidInput: One of the documents is none, as it is a document in hand and not its model.
    """
    return PresencePolicy(model, *others, oma=oma)


class PresencePolicy:
    """Presence rules as a policy; a view that holds nothing itself.

    Args:
        model: The document, which edits change.
        others: The user's other documents, which are only read.
        oma: Whether the server knows OMA's conditions.

    Raises:
        InvalidInput: One of the documents is none.
    """

    def __init__(self, model: Ruleset, *others: Ruleset, oma: bool = True) -> None:
        for each in (model, *others):
            if not isinstance(each, Ruleset):  # pyright: ignore[reportUnnecessaryIsInstance] - from untyped code
                hint = "; give its .model" if isinstance(getattr(each, "model", None), Ruleset) else ""
                raise InvalidInput(f"a policy is made of a Ruleset, not of a {type(each).__name__}{hint}")
        self._model = model
        self._others = others
        self._oma = oma

    def __repr__(self) -> str:
        said = ", ".join(f"{each.sub_handling.value} {each.target}" for each in self.statements)
        return f"<{type(self).__name__} of {len(self._model.rules)} rules, by the SDK: {said or 'nothing'}>"

    def permissions_for(
        self,
        watcher: str | Iterable[str] | None,
        *,
        at: datetime | None = None,
        sphere: str | None = None,
        lists: ListMembers | None = None,
        anonymous: bool | None = None,
    ) -> Permissions:
        """What a watcher may see (RFC 4745 §7 and §10, RFC 5025 §3).

        A rule matches if all its conditions hold; what cannot be decided does not hold. With OMA's
        conditions, only the rules count that name the watcher most directly: by identity or as anonymous;
        else by a list; else those for ``other-identity``, which holds for whom no identity and no list of any
        other rule names. Rules that say nothing of the watcher always count.

        Args:
            watcher: The URI that the watcher is authenticated as, or several if its identity was asserted as
                several; None if it is not authenticated.
            at: The moment, with a time zone; None for now.
            sphere: The owner's sphere; None if it has none, or it is not known.
            lists: Who is on the resource lists that rules point to.
            anonymous: Whether the watcher hides who it is; None for: it does if it is not authenticated.

        Returns:
            The combined permissions, and why they are what they are.

        Raises:
            InvalidInput: A watcher is no URI with a scheme, or the moment has no time zone.
        """
        watchers = (watcher,) if isinstance(watcher, str) else tuple(watcher or ())
        for uri in watchers:
            user_uri(uri)
        moment = datetime.now(UTC) if at is None else at
        if moment.tzinfo is None:
            raise InvalidInput(f"the moment {moment} has no time zone: give one, such as datetime.UTC")
        request = Request(
            watchers=watchers,
            anonymous=not watchers if anonymous is None else anonymous,
            sphere=sphere,
            at=moment,
            lists=_lookup(lists),
            oma=self._oma,
        )
        verdicts = [judge(rule, request) for model in (self._model, *self._others) for rule in model.items]
        unknown = [each for verdict in verdicts for each in verdict.unknown]
        return combine((verdict.rule for verdict in counting(verdicts, oma=self._oma)), unknown)

    # What people say is written into rules of the SDK's own, whose ids start with xcap-sdk-, and no others.

    def allow(
        self,
        *uris: str,
        domain: str | None = None,
        external_list: str | ElementAddress | None = None,
        everyone: bool = False,
    ) -> Change:
        """Accept subscriptions, and show everything.

        To show less, edit the transformations of the rule that it makes, ``rules["xcap-sdk-allow"]``, which
        later calls leave as they are.

        Give the URIs of users, or one of the others. It replaces what was said of them before; of what is
        said of a user, of the user's domain and of everyone, the narrowest counts.

        Args:
            uris: Users.
            domain: All users of a domain; not those of its subdomains.
            external_list: Those on a resource list, by its URI; for servers that know OMA's conditions.
            everyone: Everyone who is authenticated.

        Returns:
            What it came to.

        Raises:
            InvalidInput: Nobody, or several kinds at once are given, or a URI or domain cannot be one.
        """
        return self._say(SubHandling.ALLOW, targets(uris, domain, external_list, everyone))

    def block(
        self,
        *uris: str,
        domain: str | None = None,
        external_list: str | ElementAddress | None = None,
        everyone: bool = False,
    ) -> Change:
        """Refuse subscriptions, as far as no other rule grants more.

        Arguments and errors are those of `allow`.

        Returns:
            What it came to; ``remains`` has the rules that grant more, which this takes nothing away from.
        """
        return self._say(SubHandling.BLOCK, targets(uris, domain, external_list, everyone))

    def polite_block(
        self,
        *uris: str,
        domain: str | None = None,
        external_list: str | ElementAddress | None = None,
        everyone: bool = False,
    ) -> Change:
        """Accept subscriptions and seem to be unavailable, as far as no other rule grants more.

        Arguments and errors are those of `allow`.

        Returns:
            What it came to; ``remains`` has the rules that grant more, which this takes nothing away from.
        """
        return self._say(SubHandling.POLITE_BLOCK, targets(uris, domain, external_list, everyone))

    def confirm(
        self,
        *uris: str,
        domain: str | None = None,
        external_list: str | ElementAddress | None = None,
        everyone: bool = False,
    ) -> Change:
        """Keep subscriptions pending until the owner decides, as far as no other rule grants more.

        Arguments and errors are those of `allow`.

        Returns:
            What it came to; ``remains`` has the rules that grant more, which this takes nothing away from.
        """
        return self._say(SubHandling.CONFIRM, targets(uris, domain, external_list, everyone))

    def forget(
        self,
        *uris: str,
        domain: str | None = None,
        external_list: str | ElementAddress | None = None,
        everyone: bool = False,
    ) -> Change:
        """Take back what was said with one of the others.

        Arguments and errors are those of `allow`.

        Returns:
            What it came to; ``remains`` has the rules that still grant something.
        """
        return self._say(None, targets(uris, domain, external_list, everyone))

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What was said so with the SDK, in document order."""
        return tuple(statements(self._model))

    def _say(self, handling: SubHandling | None, about: list[Target]) -> Change:
        changed = state(self._model, about, handling)
        models = (self._model, *self._others)
        return Change(
            sub_handling=handling,
            changed=changed,
            remains=tuple(remaining(models, about, handling)),
            outranked=tuple(outranked(models, about)) if self._oma and handling is not None else (),
        )


def _lookup(lists: ListMembers | None) -> Lists:
    if callable(lists):
        return lists
    # The same list may be written with more or less percent-encoding.
    plain = {unquote(uri): members for uri, members in (lists or {}).items()}
    return lambda anchor: plain.get(unquote(anchor))
