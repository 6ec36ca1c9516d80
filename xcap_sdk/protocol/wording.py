"""How text from outside is shown in messages."""

from __future__ import annotations

_LIMIT = 200


def shown(text: str) -> str:
    """Quote a text for a message, on one line and never longer than a few lines' worth.

    Args:
        text: Any text.

    Returns:
        Its ``repr``, cut short where it is long.
    """
    return repr(text if len(text) <= _LIMIT else f"{text[: _LIMIT - 1]}…")


def reason(error: Exception) -> str:
    """Why a file cannot be opened, in the system's words, without its name."""
    return getattr(error, "strerror", None) or str(error)
