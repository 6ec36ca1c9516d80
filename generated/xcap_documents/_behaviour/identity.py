"""Whom a rule is for: the identities of RFC 4745 §7.1 and the lists of OMA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from .strings import Strings
from .tracking import HasKey, HoldsItems
from .views import Keyed
from .wildcards import contents, find, load, made, put

if TYPE_CHECKING:
    from xcap_documents.common_policy import Many, One
    from xcap_documents.oma_common_policy import Anchor


class _InIdentity:
    """Where the parts of an identity are: in the first identity of the rule, which is made on write."""

    __slots__ = ()

    _owner: Any

    def _found(self) -> list[Any]:
        element = self._identity()
        return [] if element is None else element.items

    def _made(self) -> list[Any]:
        element = self._identity()
        if element is None:
            element = load("common_policy", "Identity")()
            made(self._owner, "conditions").append(element)
        return element.items

    def _identity(self) -> Any:
        kind = load("common_policy", "Identity")
        return next((item for item in contents(self._owner, "conditions") if isinstance(item, kind)), None)


class Identities(_InIdentity, Keyed["One"]):
    """The single identities that a rule is for, by their URIs; `many` and `anyone` hold the rest.

    Taking out the last one leaves an empty identity, which fits no user and which no schema allows: a rule without
    an identity would fit everybody. Take the rule itself away, or say ``del rule.identity``.
    """

    __slots__ = ()

    def add(self, uri: str, *, at: int | None = None) -> One:
        """Add an identity.

        Args:
            uri: Its URI, such as sip:bob@example.org.
            at: Before which identity, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new element.

        Raises:
            DuplicateKey: The identity is there already.
        """
        return self._insert(self._class(id=uri), at)

    def ensure(self, uri: str, *, at: int | None = None) -> One:
        """Get the identity with this URI, or add it."""
        found = self._find(uri)
        return self.add(uri, at=at) if found is None else found

    @property
    def many(self) -> Domains:
        """Everybody, or everybody of a domain, by domains."""
        return Domains(self._owner, load("common_policy", "Many"))

    @property
    def anyone(self) -> bool:
        """Whether the rule is for everybody who is authenticated: a ``many`` without a domain and exceptions.

        Setting it to False takes out every ``many`` that has no domain.
        """
        return any(element.domain is None and not element.items for element in self.many)

    @anyone.setter
    def anyone(self, value: bool) -> None:
        if not value:
            kind, items = load("common_policy", "Many"), self._found()
            items[:] = [item for item in items if not (isinstance(item, kind) and item.domain is None)]
        elif not self.anyone:
            self.many.add()


class Domains(_InIdentity, Keyed["Many"]):
    """The ``many`` parts of an identity, by their domains; the one without a domain means everybody."""

    __slots__ = ()

    def add(self, domain: str | None = None, *, at: int | None = None) -> Many:
        """Add everybody, or everybody of a domain.

        Args:
            domain: The domain, such as example.org; None for everybody.
            at: Before which one, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new element, to whose `except_ids` and `except_domains` exceptions can be added.

        Raises:
            DuplicateKey: The domain is there already.
        """
        return self._insert(self._class(domain=domain), at)

    def ensure(self, domain: str | None = None, *, at: int | None = None) -> Many:
        """Get the one of this domain, or, with None, for everybody; or add it."""
        if domain is None:
            found = next((element for element in self if element.domain is None), None)
        else:
            found = self._find(domain)
        return self.add(domain, at=at) if found is None else found


class ExternalLists(Keyed["Anchor"]):
    """The resource lists whose members a rule is for, by their URIs (OMA).

    An empty external list fits nobody and stays; ``del rule.external_list`` takes the condition away.
    """

    __slots__ = ()

    def add(self, uri: str, *, at: int | None = None) -> Anchor:
        """Add a list.

        Args:
            uri: The absolute URI of the list element in a resource-lists document, percent-encoded.
            at: Before which list, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new element.

        Raises:
            DuplicateKey: The list is there already.
        """
        return self._insert(self._class(anc=uri), at)

    def ensure(self, uri: str, *, at: int | None = None) -> Anchor:
        """Get the list with this URI, or add it."""
        found = self._find(uri)
        return self.add(uri, at=at) if found is None else found

    def _found(self) -> list[Any]:
        element = find(self._owner, "conditions", load("oma_common_policy", "ExternalList"))
        return [] if element is None else element.items

    def _made(self) -> list[Any]:
        kind = load("oma_common_policy", "ExternalList")
        element = find(self._owner, "conditions", kind)
        return (put(self._owner, "conditions", kind()) if element is None else element).items


class IdentityBehaviour(HoldsItems):
    """Mixed into Identity."""

    __slots__ = ()

    # Both are seen through the rule: its ``identity`` is itself the view of the single ones.
    _views: ClassVar[Mapping[str, str]] = {"One": "", "Many": "many"}


class OneBehaviour(HasKey):
    """Mixed into One."""

    __slots__ = ()

    _key_field: ClassVar[str] = "id"


class ManyBehaviour(HasKey):
    """Mixed into Many."""

    __slots__ = ()

    _key_field: ClassVar[str] = "domain"

    @property
    def except_ids(self) -> Strings:
        """The URIs of those that are left out."""
        return self._exceptions("id")

    @property
    def except_domains(self) -> Strings:
        """The domains that are left out."""
        return self._exceptions("domain")

    def _exceptions(self, field: str) -> Strings:
        def items() -> list[Any]:
            return getattr(self, "items")  # noqa: B009 - a field of the class that this is mixed into

        return Strings(items, items, load("common_policy", "Except"), field)


class ExternalListBehaviour(HoldsItems):
    """Mixed into ExternalList."""

    __slots__ = ()

    _views: ClassVar[Mapping[str, str]] = {"Anchor": ""}


class AnchorBehaviour(HasKey):
    """Mixed into Anchor."""

    __slots__ = ()

    _key_field: ClassVar[str] = "anc"
