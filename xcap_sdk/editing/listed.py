"""The elements of one field in one version, and what became of them in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from xcap_sdk.documents.classes import is_model
from xcap_sdk.documents.outline import Outline
from xcap_sdk.editing.clashes import is_unknown, label_of
from xcap_sdk.editing.diff import Alignment, Keys, key_field
from xcap_sdk.editing.lineage import Lineage


class Listed:
    """The elements of one field of one version, counted from 0.

    Args:
        owner: An element with these and no other children.
        keys: The usage's keys.
    """

    def __init__(self, owner: Outline, keys: Keys) -> None:
        self._owner = owner
        self._keys = keys
        self._parts = owner.parts

    def __len__(self) -> int:
        return len(self._parts)

    def value(self, index: int) -> object:
        """What stands for one in the model."""
        return self._parts[index][1]

    def outline(self, index: int) -> Outline:
        """The outline of one."""
        return self._owner.child(self._parts[index])

    def name(self, index: int) -> str:
        """The name of one."""
        return self._owner.name_of(self._parts[index])

    def label(self, index: int) -> str:
        """What to call one in a text."""
        key = self.identity(index)
        return label_of(self.outline(index), None if key is None else str(key[1]))

    def has_key_field(self, index: int) -> bool:
        """Whether one is of a class that has keys."""
        return key_field(self.outline(index).value, self._keys) is not None

    def identity(self, index: int) -> tuple[str, Hashable] | None:
        """Name and key; None without a key."""
        value = self._parts[index][1]
        field = key_field(value, self._keys)
        if field is None and not is_model(value):
            return None
        value = value if field else self.outline(index).value
        field = field or key_field(value, self._keys)
        key = getattr(value, field) if field else None
        return None if key is None or not isinstance(key, Hashable) else (self.name(index), key)

    def looks(self, index: int) -> Hashable | None:
        """All of one without a key; None with a key."""
        return None if self.identity(index) is not None else self.outline(index).fingerprint()

    def is_declared(self, index: int) -> bool:
        """Whether the class says that there may be elements of this name, and not merely any."""
        var, _ = self._parts[index]
        if var.is_wildcard or is_unknown(self.outline(index)):
            return False
        return not var.is_elements or self.name(index) in var.elements

    def is_bare(self, index: int) -> bool:
        """Whether there is nothing to it but its key: then another key makes it another element."""
        outline = self.outline(index)
        _, attributes, text, children = outline.fingerprint(without=key_field(outline.value, self._keys))
        return not (attributes or text or children)


class Origins:
    """Where the elements of a field come from.

    Attributes:
        origins: For each which of base it is; None for a new one.
        changed: Those between what is equal in base at the start and at the end.
        moved: Which have moved.
    """

    def __init__(self, origins: list[int | None], changed: range, moved: set[int]) -> None:
        self.origins = origins
        self.changed = changed
        self.moved = moved

    @classmethod
    def of(cls, alignment: Alignment, length: int) -> Origins:
        """What an alignment says.

        Args:
            alignment: Of the field's elements with those of base.
            length: How many there are.
        """
        first, middle = alignment.first, len(alignment.after)
        end = first + middle
        shift = len(alignment.before) - middle
        origins: list[int | None] = [
            *range(first),
            *(None if origin is None else origin + first for origin in alignment.origin),
            *range(end + shift, length + shift),
        ]
        moved = {first + index for index, stays in enumerate(alignment.stays) if not stays}
        return cls(origins, range(first, end), moved)

    def forget_renames(
        self, base: Listed, after: Listed, other: Listed, others: Origins, lineage: Lineage
    ) -> None:
        """Take for new what got another key: one that was nothing but its key, or whose new key is taken.

        The former only if nothing tells it from another one.

        Args:
            base: The field's elements as they were.
            after: The field's elements.
            other: The field's elements in the other version.
            others: Where those come from.
            lineage: What is known of the field's elements.
        """
        taken: dict[Hashable, list[int]] | None = None
        for index in self.changed:
            origin = self.origins[index]
            if origin is None or (key := after.identity(index)) == base.identity(origin):
                continue
            if base.is_bare(origin) and after.value(index) not in lineage:
                self.origins[index] = None
            elif key is not None:
                if taken is None:
                    taken = defaultdict(list)
                    for place in range(len(other)):
                        taken[other.identity(place)].append(place)
                if any(others.origins[place] != origin for place in taken.get(key, ())):
                    self.origins[index] = None


def count(owner: Outline, field: str, name: str, keys: Keys) -> int:
    """How many elements of a name, and without a key, a field has."""
    return sum(
        part[0].name == field and owner.name_of(part) == name and key_of(part[1], keys) is None
        for part in owner.parts
    )


def key_of(value: object, keys: Keys) -> object:
    """The key of an element; None if it has none."""
    field = key_field(value, keys)
    return getattr(value, field) if field else None
