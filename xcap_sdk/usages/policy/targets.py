"""Whom a statement is about: a user, a domain, everybody, or those on a resource list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from xcap_documents.common_policy import Except, Many
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.addresses import ElementAddress
from xcap_sdk.protocol.naming import user_uri
from xcap_sdk.protocol.wording import shown
from xcap_sdk.usages.policy.matching import is_of
from xcap_sdk.usages.policy.uris import ascii_labels, same_domain


class Kind(Enum):
    """What a statement goes by."""

    USER = "user"
    DOMAIN = "domain"
    EVERYONE = "everyone"
    LIST = "external list"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a statement is about.

    Attributes:
        kind: What it goes by.
        value: The user's URI, the domain or the URI of the list; empty for everyone.
    """

    kind: Kind
    value: str = ""

    def __str__(self) -> str:
        return {
            Kind.USER: self.value,
            Kind.DOMAIN: f"everyone of {self.value}",
            Kind.EVERYONE: "everyone",
            Kind.LIST: f"those on {self.value}",
        }[self.kind]

    def is_many(self, many: Many) -> bool:
        """Whether a ``many`` is about just these."""
        if self.kind is Kind.EVERYONE:
            return many.domain is None
        return self.kind is Kind.DOMAIN and many.domain is not None and same_domain(many.domain, self.value)

    def is_wider(self, many: Many) -> bool:
        """Whether a ``many`` takes these in, exceptions aside, and others with them."""
        if self.kind is Kind.USER:
            return many.domain is None or is_of(self.value, many.domain)
        return self.kind is Kind.DOMAIN and many.domain is None

    def exception(self) -> Except:
        """The exception that leaves these out of a ``many``."""
        return Except(id=self.value) if self.kind is Kind.USER else Except(domain=self.value)


def targets(
    uris: tuple[str, ...], domain: str | None, external_list: str | ElementAddress | None, everyone: bool
) -> list[Target]:
    """Whom the arguments of a statement mean.

    Raises:
        InvalidInput: They name nobody, or several kinds at once, or something that is none of its kind.
    """
    given = [bool(uris), domain is not None, external_list is not None, everyone]
    if sum(given) != 1:
        raise InvalidInput(
            "whom do you mean? Give the URIs of users, or one of domain=, external_list= and everyone=True"
        )
    if everyone:
        return [Target(Kind.EVERYONE)]
    if domain is not None:
        if ascii_labels(domain) is None or any(character in domain for character in ":/@ "):
            raise InvalidInput(f"{domain!r} is no domain: give one such as 'example.org'")
        return [Target(Kind.DOMAIN, domain)]
    if external_list is not None:
        return [Target(Kind.LIST, list_uri(external_list))]
    for uri in uris:
        if not isinstance(uri, str):  # pyright: ignore[reportUnnecessaryIsInstance] - from untyped code
            kind = type(uri).__name__
            raise InvalidInput(f"{shown(str(uri))} is of type {kind} and no URI: give URIs one by one")
    return [Target(Kind.USER, user_uri(uri)) for uri in uris]


def list_uri(external_list: str | ElementAddress) -> str:
    """The URI of a resource list.

    Raises:
        InvalidInput: It is no absolute http or https URI.
    """
    uri = external_list if isinstance(external_list, str) else external_list.uri
    try:
        parts = urlsplit(uri)
        absolute = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        absolute = False
    if not absolute:
        raise InvalidInput(
            f"{uri!r} is no absolute http or https URI of a list: xcap.resource_lists.address().element("
            f"""'resource-lists/list[@name="friends"]') gives one"""
        )
    return uri
