"""Authentication that asks a function of the user's for secrets, sync or async."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import httpx

from xcap_sdk.errors import InvalidInput

if TYPE_CHECKING:
    import asyncio


@dataclass(frozen=True, slots=True)
class Ask:
    """A function of the user's to be called, and awaited where that is possible.

    Only one call asks at a time, so that what several need at once is asked for once.

    Attributes:
        known: Gives what another call has asked for by then; None if there is nothing.
        function: The function, called if there is nothing.
        arguments: What to call it with.
        keep: Checks and remembers its value; gives what is sent back.
    """

    known: Callable[[], Any]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    keep: Callable[[Any], Any]


Steps = Generator[httpx.Request | Ask, Any, None]


class AskingAuth(httpx.Auth):
    """An httpx.Auth written as one generator for sync and async, which may also ask the user's functions."""

    def __init__(self) -> None:
        self._turn = RLock()
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    @abstractmethod
    def steps(self, request: httpx.Request) -> Steps:
        """The requests to make, and what to ask in between; see httpx.Auth.auth_flow."""

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Carry out the steps; see httpx."""
        flow = self.steps(request)
        try:
            step = next(flow)
            while True:
                step = flow.send(self._answer(step) if isinstance(step, Ask) else (yield step))
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
                step = flow.send(await self._async_answer(step) if isinstance(step, Ask) else (yield step))
        except StopIteration:
            return
        finally:
            flow.close()

    def _answer(self, ask: Ask) -> Any:
        with self._turn:
            known = ask.known()
            return ask.keep(_called(ask)) if known is None else known

    async def _async_answer(self, ask: Ask) -> Any:
        import asyncio

        async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            known = ask.known()
            if known is not None:
                return known
            value = ask.function(*ask.arguments)
            return ask.keep(await value if inspect.isawaitable(value) else value)


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
