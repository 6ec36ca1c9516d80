"""A user profile in plain texts: what its elements hold, without the elements (OMA XDM Shared Profile).

What is absent reads as None, or as an empty set. Writing makes the element that is needed, and keeps the language that
one has; None takes it out.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any, overload

from .strings import Strings
from .wildcards import load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from xsdata.models.datatype import XmlDate

    from xcap_documents.oma_user_profile import (
        ProfileAddress,
        ProfileChannels,
        ProfileContacts,
        ProfileHobbies,
        ProfileLinks,
        ProfileName,
        ProfileText,
    )

_MODULE = "oma_user_profile"
_SHOWN = 60


class TextPart:
    """A text that an element of the profile holds: in a child of the same name, or as its own text.

    Args:
        element: The field of the profile.
        kind: The name of the element's class.
        field: The field of that class; None for the name of this attribute.
    """

    def __init__(self, element: str, kind: str, field: str | None = None) -> None:
        self._element = element
        self._kind = kind
        self._field = field or ""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._field = self._field or name

    @overload
    def __get__(self, profile: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, profile: object, owner: type[Any]) -> str | None: ...
    def __get__(self, profile: object | None, owner: type[Any]) -> Self | str | None:
        if profile is None:
            return self
        element = getattr(profile, self._element)
        return None if element is None else getattr(element, self._field)

    def __set__(self, profile: Any, text: str | None) -> None:
        element = getattr(profile, self._element)
        if text is None:
            self._take_out(profile, element)
        elif element is None:
            setattr(profile, self._element, load(_MODULE, self._kind)(**{self._field: text}))
        else:
            setattr(element, self._field, text)

    def __delete__(self, profile: Any) -> None:
        self._take_out(profile, getattr(profile, self._element))

    def _take_out(self, profile: Any, element: Any) -> None:
        if element is None:
            return
        if self._field != "value":
            setattr(element, self._field, None)
            left = (getattr(element, each.name) for each in fields(element) if each.name != "lang")
            if any(each not in (None, [], {}) for each in left):
                return
        setattr(profile, self._element, None)


class UserProfileBehaviour:
    """Mixed into UserProfile."""

    __slots__ = ()

    if TYPE_CHECKING:
        communication_address_list: ProfileContacts | None
        display_name: ProfileText | None
        born: XmlDate | None
        name: ProfileName | None
        address: ProfileAddress | None
        freetext: ProfileText | None
        communication_type_list: ProfileChannels | None
        hobby_list: ProfileHobbies | None
        favourite_link_list: ProfileLinks | None

    label: TextPart = TextPart("display_name", "ProfileText", "value")
    """The text of the display name."""
    about: TextPart = TextPart("freetext", "ProfileText", "value")
    """Anything the user has to say: the text of freetext."""

    given_name: TextPart = TextPart("name", "ProfileName")
    """The first name."""
    family_name: TextPart = TextPart("name", "ProfileName")
    """The last name."""
    middle_name: TextPart = TextPart("name", "ProfileName")
    """What stands between them."""
    name_prefix: TextPart = TextPart("name", "ProfileName")
    """What precedes the name, such as Dr."""
    name_suffix: TextPart = TextPart("name", "ProfileName")
    """What follows the name, such as Jr."""

    country: TextPart = TextPart("address", "ProfileAddress")
    """The country of the address."""
    region: TextPart = TextPart("address", "ProfileAddress")
    """The state, province or county of the address."""
    locality: TextPart = TextPart("address", "ProfileAddress")
    """The city, town or village of the address."""
    area: TextPart = TextPart("address", "ProfileAddress")
    """The part of the city."""
    street_name: TextPart = TextPart("address", "ProfileAddress")
    """The street of the address."""
    street_number: TextPart = TextPart("address", "ProfileAddress")
    """The number in the street."""
    postal_code: TextPart = TextPart("address", "ProfileAddress")
    """The postal code of the address."""

    @property
    def birth_date(self) -> date | None:
        """The day of birth; None if the profile does not say it.

        Reading it raises ValueError if the document holds what no date can be; `born` has it as it is.
        """
        if self.born is None:
            return None
        try:
            return date(self.born.year, self.born.month, self.born.day)
        except (AttributeError, ValueError) as error:  # read from a document that breaks its schema
            shown = str(self.born)[:_SHOWN]
            raise ValueError(f"born is {shown!r}, which is no date; expected one such as 1995-05-20") from error

    @birth_date.setter
    def birth_date(self, value: date | None) -> None:
        from xsdata.models.datatype import XmlDate

        if value is not None and not isinstance(value, date):  # pyright: ignore[reportUnnecessaryIsInstance] - who knows
            raise TypeError(f"birth_date takes a datetime.date or None, not {value!r}")
        self.born = None if value is None else XmlDate(value.year, value.month, value.day)

    @property
    def communication_addresses(self) -> Strings:
        """How to reach the user: a live set of texts such as telephone numbers and URIs; takes a list, or None."""
        return self._texts("communication_address_list", "ProfileContacts", str)

    @communication_addresses.setter
    def communication_addresses(self, values: Iterable[str] | None) -> None:
        self._assign("communication_address_list", self.communication_addresses, values)

    @property
    def communication_types(self) -> Strings:
        """The kinds of communication that the user likes: a live set of texts; takes a list, or None."""
        return self._texts("communication_type_list", "ProfileChannels")

    @communication_types.setter
    def communication_types(self, values: Iterable[str] | None) -> None:
        self._assign("communication_type_list", self.communication_types, values)

    @property
    def hobbies(self) -> Strings:
        """The hobbies: a live set of texts; takes a list, or None."""
        return self._texts("hobby_list", "ProfileHobbies")

    @hobbies.setter
    def hobbies(self, values: Iterable[str] | None) -> None:
        self._assign("hobby_list", self.hobbies, values)

    @property
    def favourite_links(self) -> Strings:
        """Links that the user likes: a live set of URIs; takes a list, or None."""
        return self._texts("favourite_link_list", "ProfileLinks", str)

    @favourite_links.setter
    def favourite_links(self, values: Iterable[str] | None) -> None:
        self._assign("favourite_link_list", self.favourite_links, values)

    def _texts(self, element: str, kind: str, item: type[Any] | None = None) -> Strings:
        def read() -> list[Any]:
            found = getattr(self, element)
            return [] if found is None else found.items

        def write() -> list[Any]:
            if getattr(self, element) is None:
                setattr(self, element, load(_MODULE, kind)())
            return read()

        return Strings(read, write, item or load(_MODULE, "ProfileText"))

    def _assign(self, element: str, texts: Strings, values: Iterable[str] | None) -> None:
        if values is None:
            setattr(self, element, None)
        else:
            texts.assign(list(values) if isinstance(values, Strings) else values)
