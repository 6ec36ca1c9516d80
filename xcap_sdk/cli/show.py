"""How the demo shows things: exchanges in a line, lists as a tree, differences as lines, and what holds."""

from __future__ import annotations

import difflib
from urllib.parse import unquote

import httpx
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from xcap_documents.resource_lists import ResourceList, ResourceLists


class Screen:
    """The demo's output, and its memory of exchanges and of what was found to hold.

    Attributes:
        exchanges: Method and status of every HTTP exchange so far.
        failures: What did not hold.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.exchanges: list[tuple[str, int]] = []
        self.checks: int = 0
        self.failures: list[str] = []

    def title(self, text: str) -> None:
        """A step's heading."""
        self._console.print()
        self._console.print(f"[bold]{escape(text)}[/bold]", soft_wrap=True)

    def say(self, text: str) -> None:
        """A line, or several, indented."""
        for line in text.splitlines():
            self._console.print(f"  {escape(line)}", soft_wrap=True)

    def tree(self, book: ResourceLists) -> None:
        """The lists, their sublists and entries."""
        tree = Tree("resource-lists")
        for child in book.lists:
            _grow(tree, child)
        self._console.print(tree, soft_wrap=True)

    def difference(self, before: bytes, after: bytes) -> tuple[list[str], list[str]]:
        """Show which lines changed, and return the removed and the added ones without their white space."""
        removed: list[str] = []
        added: list[str] = []
        old, new = before.decode().splitlines(), after.decode().splitlines()
        for line in difflib.unified_diff(old, new, lineterm="", n=0):
            if line.startswith(("---", "+++", "@@")):
                continue
            (added if line.startswith("+") else removed).append(line[1:].strip())
            self._console.print(
                f"  [{'green' if line.startswith('+') else 'red'}]{escape(line)}[/]", soft_wrap=True
            )
        return removed, added

    def expect(self, what: str, holds: bool) -> None:
        """Note whether something holds, and show it."""
        self.checks += 1
        mark = "[green]✓[/green]" if holds else "[red]✗[/red]"
        self._console.print(f"  {mark} {escape(what)}", soft_wrap=True)
        if not holds:
            self.failures.append(what)

    def exchange(self, who: str, response: httpx.Response) -> None:
        """One HTTP exchange: who, method, path, condition, status, ETag and the bytes each way."""
        request = response.request
        self.exchanges.append((request.method, response.status_code))
        condition = next(
            (
                f"{name}: {request.headers[name]}"
                for name in ("If-Match", "If-None-Match")
                if name in request.headers
            ),
            "",
        )
        up = request.headers.get("content-length", "0")
        down = response.headers.get("content-length", "0" if response.status_code in {204, 304} else "?")
        path = unquote(request.url.raw_path.decode("ascii"))
        etag = response.headers.get("etag", "")
        outcome = f"→ {response.status_code} {etag}  ↑{up} ↓{down}"
        line = f"{who:<6} {request.method:<6} {path}  {condition}  {outcome}"
        self._console.print(f"  [cyan]{escape(line)}[/cyan]", soft_wrap=True)


def _grow(tree: Tree, resource_list: ResourceList) -> None:
    branch = tree.add(f"[bold]{escape(resource_list.label or resource_list.name or 'unnamed')}[/bold]")
    for entry in resource_list.entries:
        branch.add(f"{escape(entry.label or entry.uri)}  [dim]{escape(entry.uri)}[/dim]")
    for reference in resource_list.entry_refs:
        branch.add(f"[dim]see {escape(unquote(reference.ref))}[/dim]")
    for external in resource_list.externals:
        branch.add(
            f"{escape(external.label or 'external')}  [dim]{escape(unquote(external.anchor or ''))}[/dim]"
        )
    for child in resource_list.lists:
        _grow(branch, child)
