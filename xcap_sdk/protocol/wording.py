"""How text from outside is shown in messages."""

from __future__ import annotations

_LIMIT = 200
_LONGEST = 1_000


def shown(text: str) -> str:
    """Quote a text for a message, on one line and never longer than a few lines' worth.

    Args:
        text: Any text.

    Returns:
        Its ``repr``, cut short where it is long.
    """
    return repr(text if len(text) <= _LIMIT else f"{text[: _LIMIT - 1]}…")


def plain(text: str) -> str:
    """A text for a message as it is, but on one line, never longer than some lines' worth, and harmless.

    Args:
        text: Any text.

    Returns:
        It with escapes in place of what is no print: line ends, and what terminals act on.
    """
    return harmless(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def harmless(text: str) -> str:
    """A text for a message as it is and whole, but on one line, and with escapes as `plain` has them."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def reason(error: Exception) -> str:
    """Why a file cannot be opened, in the system's words, without its name."""
    return getattr(error, "strerror", None) or str(error)
