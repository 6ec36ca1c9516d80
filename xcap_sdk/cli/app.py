"""The commands: what their options are, and nothing else."""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from xcap_sdk.cli.probing import Format, run
from xcap_sdk.errors import InvalidInput, XcapError

if TYPE_CHECKING:
    from xcap_sdk.settings import XcapSettings

app: typer.Typer = typer.Typer(name="xcap", no_args_is_help=True, rich_markup_mode="markdown")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xcap-sdk {version('xcap-sdk')}")
        raise typer.Exit


@app.callback()
def common(
    _: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """XCAP (RFC 4825): a demo of the typed client, a server to develop against, a probe of servers."""


Username = Annotated[str | None, typer.Option(help="User name for Digest or Basic (XCAP_USERNAME).")]
Password = Annotated[str | None, typer.Option(help="Password; better in the environment (XCAP_PASSWORD).")]


@app.command()
def demo(
    root: Annotated[
        str | None, typer.Option(help="XCAP root URI of a server; without it an embedded one is started.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(help="XUI whose documents are used, as sip:alice@example.org (XCAP_USER)."),
    ] = None,
    username: Username = None,
    password: Password = None,
) -> None:
    """Edit a buddy list, a presence rule and a status icon as typed objects, and check every step.

    Without --root nothing of the environment counts: the demo has a server of its own.

    With --root it runs on any server, in documents of its own named xcap-demo, which it removes afterwards.
    What is there is not touched. What no option says is read from the environment or from .env, as by
    XcapClient.from_settings(), except the root.

    The exit code is 0 only if all of it holds.
    """
    from xcap_sdk.cli.demo import run_embedded, run_on

    console = Console(highlight=False)
    if root is None:
        if user or username or password:
            raise typer.BadParameter("--user, --username and --password go with --root")
        raise typer.Exit(run_embedded(console))
    settings = _settings(root, user, username, password)
    try:
        raise typer.Exit(run_on(settings, console))
    except XcapError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


@app.command()
def serve(  # noqa: PLR0917 - options
    port: Annotated[int, typer.Option(help="TCP port; 0 takes a free one.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    database: Annotated[
        Path | None,
        typer.Option(help="SQLite file that keeps the documents; without it they live in memory."),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(help="An account as name:password; may be repeated. Without any, no one is asked."),
    ] = None,
    user: Annotated[list[str] | None, typer.Option(hidden=True, help="The same as --account.")] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log each request to standard error.")
    ] = False,
) -> None:
    """Run the embedded XCAP server until it is stopped; prints its root URI once it accepts connections."""
    from xcap_sdk.server import serve as serve_until_stopped

    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING)
    users: dict[str, str] = {}
    for each in [*(account or []), *(user or [])]:
        name, colon, secret = each.partition(":")
        if not (name and colon and secret):
            raise typer.BadParameter(f"--account takes name:password, not {name!r}")
        users[name] = secret
    try:
        serve_until_stopped(host=host, port=port, database=database, users=users or None, announce=typer.echo)
    except XcapError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command(name="probe")
def measure(  # noqa: PLR0917 - options
    root: Annotated[str | None, typer.Argument(help="XCAP root URI of the server (XCAP_ROOT).")] = None,
    user: Annotated[
        str | None,
        typer.Option(help="XUI in whose home directory to work, as sip:alice@example.org (XCAP_USER)."),
    ] = None,
    username: Username = None,
    password: Password = None,
    auid: Annotated[str, typer.Option(help="Application usage of the scratch document.")] = "resource-lists",
    document: Annotated[
        str | None,
        typer.Option(
            help="Name of the scratch document, for servers that take some only; never one that is there."
        ),
    ] = None,
    dangerous: Annotated[
        bool, typer.Option("--dangerous", help="Send what is known to bring some servers down, too.")
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(help="Seconds to wait for a sign of life (XCAP_TIMEOUT); else 10.", min=0.1),
    ] = None,
    style: Annotated[Format, typer.Option("--format", help="How to print the table.")] = Format.TEXT,
    save_profile: Annotated[
        Path | None, typer.Option(help="File for the server's profile, for XcapClient(profile=…).")
    ] = None,
) -> None:
    """Measure a server against RFC 4825 in a scratch document, which is removed afterwards.

    No document that exists is touched. What no option says is read from the environment or from .env, as by
    XcapClient.from_settings().

    The exit code is 0 if all that was measured is conformant, 1 if something deviates, 2 if nothing could be
    measured.
    """
    settings = _settings(root, user, username, password)
    try:
        code = run(
            settings,
            auid=auid,
            document=document,
            dangerous=dangerous,
            timeout=timeout,
            style=style,
            profile=save_profile,
        )
    except XcapError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(code)


def _settings(root: str | None, user: str | None, username: str | None, password: str | None) -> XcapSettings:
    """What the options say, and what they do not as `XcapClient.from_settings` reads it."""
    from xcap_sdk.settings import load_settings

    try:
        settings = load_settings(root=root, user=user, username=username, password=password)
        _ = settings.auth  # whether user name and password go together
    except InvalidInput as error:
        raise typer.BadParameter(f"{error}; options count before that") from None
    if settings.user is None:
        raise typer.BadParameter("whose documents? Say so with --user, or set XCAP_USER")
    return settings
