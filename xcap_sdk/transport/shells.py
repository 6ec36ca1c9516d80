"""The two shells: they carry out flows over httpx, sync and async."""

from __future__ import annotations

import contextlib
import copy
import inspect
import time
from functools import partial
from typing import Any, Self, TypeVar

import httpx

from xcap_sdk.documents.limits import limited
from xcap_sdk.errors import XcapError
from xcap_sdk.flows.conversation import Call, Flow, Pause
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.transport.deadlines import Deadline, Departure, bound
from xcap_sdk.transport.failures import incoming, typed_failures
from xcap_sdk.transport.homes import Home, LoopHome
from xcap_sdk.transport.network import check_seconds, waiting
from xcap_sdk.transport.observing import log_pause
from xcap_sdk.transport.reclaiming import reclaim
from xcap_sdk.transport.wire import Wire

T = TypeVar("T")


class Transport:
    """Carries out flows over an httpx.Client.

    Args:
        wire: How requests go out.
        http: The client to use; it stays open when this is closed. None for one of its own.
        timeout: Seconds, or an httpx.Timeout; None for those of ``http``, or 10 seconds.
        deadline: Seconds that a whole flow may take; None for any time.
    """

    def __init__(
        self,
        wire: Wire,
        http: httpx.Client | None,
        timeout: float | httpx.Timeout | None,
        deadline: float | None = None,
    ) -> None:
        self._wire = wire
        self._own = http is None
        self._deadline = check_seconds(deadline)
        make = partial(_made, wire)
        self._home = Home(wire.network.check_given(http), None) if http else Home(make(), make)
        self._timeout = self._http.timeout if timeout is None else waiting(timeout)

    @property
    def _http(self) -> httpx.Client:
        return self._home.http

    def within(self, seconds: float) -> Self:
        """The same transport, with another deadline; closing it closes nothing."""
        other = copy.copy(self)
        other._deadline, other._own = check_seconds(seconds), False
        return other

    def run(self, flow: Flow[T]) -> T:
        """Carry out a flow: send what it yields, send it the responses, throw failures into it."""
        deadline = Deadline(self._deadline)
        try:
            with self._wire.observer.call(flow), limited(self._wire.network.limits):
                step = next(flow)
                while True:
                    try:
                        reply = self._perform(step, deadline)
                    except XcapError as error:
                        step = flow.throw(error)
                    else:
                        step = flow.send(reply)
        except StopIteration as end:
            return end.value
        finally:
            flow.close()

    def _perform(self, step: Request | Pause | Call, deadline: Deadline) -> Any:
        if isinstance(step, Pause):
            deadline.allow(step)
            log_pause(step.seconds)
            return time.sleep(step.seconds)
        deadline.allow(step)
        if isinstance(step, Call):
            try:
                return step.function(step.argument)
            except StopIteration as error:
                raise RuntimeError("the function raised StopIteration") from error  # a flow's end is one, too
        observed = self._wire.observer.request(step)
        http = self._home.here()
        with observed as replies, typed_failures(step, deadline, http), deadline.bounding():
            outgoing = self._wire.outgoing(http, step, deadline.within(self._timeout))
            auth = self._wire.guarded(http, deadline)
            response = http.send(outgoing, auth=auth, follow_redirects=False, stream=True)
            with contextlib.closing(response):
                replies.append(incoming(response, response.read()))
        return replies[0]

    def close(self) -> None:
        """Close the httpx.Client if it is an own one."""
        if self._own:
            self._http.close()


def _made(wire: Wire) -> httpx.Client:
    return bound(wire.network.client(wire.origin))


class AsyncTransport:
    """Carries out flows over an httpx.AsyncClient.

    Args:
        wire: How requests go out.
        http: The client to use; it stays open when this is closed. None for one of its own.
        timeout: Seconds, or an httpx.Timeout; None for those of ``http``, or 10 seconds.
        deadline: Seconds that a whole flow may take; None for any time.
    """

    def __init__(
        self,
        wire: Wire,
        http: httpx.AsyncClient | None,
        timeout: float | httpx.Timeout | None,
        deadline: float | None = None,
    ) -> None:
        self._wire = wire
        self._own = http is None
        self._deadline = check_seconds(deadline)
        make = partial(wire.network.async_client, wire.origin)
        self._home = LoopHome(wire.network.check_given(http), None) if http else LoopHome(make(), make)
        self._tells = http is None  # a transport of the user's may not say when a request leaves
        self._timeout = self._http.timeout if timeout is None else waiting(timeout)

    @property
    def _http(self) -> httpx.AsyncClient:
        return self._home.http

    def within(self, seconds: float) -> Self:
        """The same transport, with another deadline; closing it closes nothing."""
        other = copy.copy(self)
        other._deadline, other._own = check_seconds(seconds), False
        return other

    async def run(self, flow: Flow[T]) -> T:
        """Carry out a flow: send what it yields, send it the responses, throw failures into it."""
        deadline = Deadline(self._deadline)
        try:
            with self._wire.observer.call(flow), limited(self._wire.network.limits):
                step = next(flow)
                while True:
                    try:
                        reply = await self._perform(step, deadline)
                    except XcapError as error:
                        step = flow.throw(error)
                    else:
                        step = flow.send(reply)
        except StopIteration as end:
            return end.value
        finally:
            flow.close()

    async def _perform(self, step: Request | Pause | Call, deadline: Deadline) -> Any:
        import asyncio

        if isinstance(step, Pause):
            deadline.allow(step)
            log_pause(step.seconds)
            return await asyncio.sleep(step.seconds)
        deadline.allow(step)
        left = deadline.left()
        departure = None if left is None else Departure()
        scope = asyncio.timeout(left)
        try:
            if isinstance(step, Call):
                async with scope:
                    value = step.function(step.argument)
                    return await value if inspect.isawaitable(value) else value
            with self._wire.observer.request(step) as replies:
                async with scope:
                    replies.append(await self._exchange(step, deadline, departure))
                return replies[0]
        except TimeoutError:
            if not scope.expired():
                raise
            if isinstance(step, Call):
                raise deadline.exceeded(step) from None
            sent = departure is None or departure.begun or not self._tells
            raise deadline.exceeded(step, sent=sent) from None

    async def _exchange(self, step: Request, deadline: Deadline, departure: Departure | None) -> Response:
        import asyncio

        http = self._home.here()
        try:
            with typed_failures(step, deadline, http):
                outgoing = self._wire.outgoing(http, step, self._timeout, departure)
                auth = self._wire.guarded(http, deadline)
                response = await http.send(outgoing, auth=auth, follow_redirects=False, stream=True)
                async with contextlib.aclosing(response):
                    return incoming(response, await response.aread())
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.ensure_future(reclaim(http)))
            raise

    async def close(self) -> None:
        """Close the httpx.AsyncClient if it is an own one."""
        if self._own:
            await self._home.close()
