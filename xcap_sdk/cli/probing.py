"""``xcap probe``: how a report is shown and kept."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

if TYPE_CHECKING:
    from xcap_sdk.probe import Report, Result
    from xcap_sdk.settings import XcapSettings


class Format(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def run(
    settings: XcapSettings,
    *,
    auid: str,
    document: str | None,
    dangerous: bool,
    timeout: float | None,
    style: Format,
    profile: Path | None,
) -> int:
    """Measure a server and print what was found.

    Returns:
        The exit code: 0 if all that was measured is conformant and nothing was left behind.

    Raises:
        XcapError: It could not be measured, or the profile not be saved.
    """
    from xcap_sdk.probe import probe
    from xcap_sdk.probe.running import TIMEOUT
    from xcap_sdk.profiles import save_profile

    console = Console(stderr=True)
    with console.status("probing") as status:

        def show(result: Result) -> None:
            status.update(f"probing: {result.check.title}")

        report = probe(
            settings.root,
            user=settings.user or "",
            auth=settings.auth,
            auid=auid,
            document=document,
            dangerous=dangerous,
            timeout=timeout or settings.timeout or TIMEOUT,
            network=settings.network,
            intended_identity=settings.intended_identity,
            preferred_identity=settings.preferred_identity,
            progress=show,
        )
    typer.echo(_printed(report, style))
    if profile is not None:
        save_profile(report.profile, profile)
        typer.echo(f"profile written to {profile}", err=True)
    return 1 if report.left or report.score < 1 else 0


def _printed(report: Report, style: Format) -> str:
    match style:
        case Format.TEXT:
            return report.text()
        case Format.JSON:
            return json.dumps(report.json(), indent=2, ensure_ascii=False)
        case Format.MARKDOWN:
            return report.markdown()
