"""Authentication that asks a function of the user's for secrets, sync or async."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from typing import Any

import httpx

from xcap_sdk.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Ask:
    """A function of the user's to be called, and awaited where that is possible; its value is sent back.

    Attributes:
        function: The function.
        arguments: What to call it with.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


Steps = Generator[httpx.Request | Ask, Any, None]


class AskingAuth(httpx.Auth):
    """An httpx.Auth written as one generator for sync and async, which may also ask the user's functions."""

    @abstractmethod
    def steps(self, request: httpx.Request) -> Steps:
        """The requests to make, and what to ask in between; see httpx.Auth.auth_flow."""

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Carry out the steps; see httpx."""
        flow = self.steps(request)
        try:
            step = next(flow)
            while True:
                step = flow.send(_called(step) if isinstance(step, Ask) else (yield step))
        except StopIteration:
            return
        finally:
            flow.close()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Carry out the steps; see httpx."""
        flow = self.steps(request)
        try:
            step = next(flow)
            while True:
                if isinstance(step, Ask):
                    value = step.function(*step.arguments)
                    step = flow.send(await value if inspect.isawaitable(value) else value)
                else:
                    step = flow.send((yield step))
        except StopIteration:
            return
        finally:
            flow.close()


def _called(ask: Ask) -> Any:
    value = ask.function(*ask.arguments)
    if not inspect.isawaitable(value):
        return value
    if inspect.iscoroutine(value):
        value.close()
    raise InvalidInput(
        "the function that gives the secrets of auth= is asynchronous: hand it to an AsyncXcapClient, or "
        "give a plain one; nothing was sent"
    )
