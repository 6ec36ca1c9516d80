"""Profiles of servers: those that come with the SDK, and files of one's own.

    from xcap_sdk.profiles import KAMAILIO, load_profile, save_profile

A file is JSON with the attributes of `xcap_sdk.ServerProfile`; `xcap_sdk.Ability` and `xcap_sdk.Danger` say
what the words in it mean.
"""

from __future__ import annotations

import json
from dataclasses import fields
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

_HOW = "save_profile() and `xcap probe --save-profile` write such files."


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
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path}: cannot be read ({reason(error)})") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{path} is no profile of a server: byte {error.start} is no UTF-8. {_HOW}"
        ) from error
    try:
        return TypeAdapter(ServerProfile).validate_json(text, strict=True)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'profile'}: {_said(problem['type'], problem['msg'])}"
            for problem in error.errors()
        )
        raise InvalidInput(f"{path} is no profile of a server: {problems}. {_HOW}") from None


def _said(kind: str, message: str) -> str:
    """What is wrong, in words of a file and not of a function."""
    if kind == "unexpected_keyword_argument":
        return f"there is none of that name, but {', '.join(field.name for field in fields(ServerProfile))}"
    return "it has to be there" if kind == "missing" else message


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
