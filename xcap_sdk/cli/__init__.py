"""The command line: ``xcap demo``, ``xcap serve`` and ``xcap probe``. Needs the extra ``cli``."""

from __future__ import annotations

import importlib.util
import sys


def main() -> None:
    """Run the command line; without its libraries say how to get them."""
    missing = [
        name for name in ("typer", "rich", "starlette", "uvicorn") if not importlib.util.find_spec(name)
    ]
    if missing:
        sys.exit(
            f"xcap: the command line needs {', '.join(missing)}: install it with pip install 'xcap-sdk[cli]'"
        )
    from xcap_sdk.cli.app import app

    app()
