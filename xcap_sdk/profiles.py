"""Profiles of servers: those that come with the SDK, and files of one's own.

    from xcap_sdk.profiles import KAMAILIO, load_profile, save_profile

A file is JSON with the attributes of `xcap_sdk.ServerProfile`; `xcap_sdk.Ability` and `xcap_sdk.Danger` say
what the words in it mean.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.profiles import (
    CAUTIOUS,
    CONFORMANT,
    KAMAILIO,
    OPENXCAP,
    PROFILES,
    Ability,
    Danger,
    ServerProfile,
    recognized,
)
from xcap_sdk.protocol.wording import reason

__all__ = [
    "CAUTIOUS",
    "CONFORMANT",
    "KAMAILIO",
    "OPENXCAP",
    "PROFILES",
    "Ability",
    "Danger",
    "ServerProfile",
    "load_profile",
    "recognized",
    "save_profile",
]


def load_profile(path: Path | str) -> ServerProfile:
    """Read a profile from a file.

    Args:
        path: The file.

    Returns:
        The profile.

    Raises:
        InvalidInput: The file cannot be read, or holds no profile.
    """
    try:
        return TypeAdapter(ServerProfile).validate_json(Path(path).read_bytes())
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'profile'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise InvalidInput(f"{path} is no profile of a server: {problems}") from None
    except (OSError, ValueError) as error:  # names with a NUL
        raise InvalidInput(f"{path}: cannot be read ({reason(error)})") from error


def save_profile(profile: ServerProfile, path: Path | str) -> None:
    """Write a profile to a file, which `load_profile` reads.

    Args:
        profile: The profile.
        path: The file; what it holds is overwritten.

    Raises:
        InvalidInput: The file cannot be written.
    """
    plain: dict[str, Any] = TypeAdapter(ServerProfile).dump_python(profile, mode="json")
    # Sets have another order in each process, and people compare files.
    content = {
        name: sorted(value) if isinstance(getattr(profile, name), frozenset) else value
        for name, value in plain.items()
    }
    try:
        Path(path).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path}: cannot be written ({reason(error)})") from error
