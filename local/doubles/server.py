"""The only part that knows HTTP: drives worlds with a scaled clock."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from local.doubles.clock import ScaledClock
from local.doubles.model import Push, Reply, Request
from local.doubles.world import ReadsAnswers, World

LOG = logging.getLogger("doubles")
BODY_LIMIT = 16 * 1024 * 1024
SHORTEST_TICK, LONGEST_TICK = 0.002, 0.05  # real seconds between two looks at the agenda


def handler(world: World, clock: ScaledClock) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """An aiohttp handler that hands everything to a world."""

    async def handle(incoming: web.Request) -> web.StreamResponse:
        request = Request(
            method=incoming.method,
            path=incoming.rel_url.raw_path,  # a world decodes the part that it means
            query=tuple(parse_qsl(incoming.rel_url.raw_query_string, keep_blank_values=True)),
            headers=dict(incoming.headers),
            body=await incoming.read(),
        )
        return await _send(world.handle(request, clock.now()), incoming)

    return handle


async def _send(reply: Reply, incoming: web.Request) -> web.StreamResponse:
    if reply.hold:
        await asyncio.sleep(reply.hold)
    transport = incoming.transport
    if reply.cut and transport is not None:
        _hang_up(transport, reply.cut == "reset")
        return web.Response()
    return web.Response(
        status=reply.status,
        body=reply.body.encode("utf-8", "replace"),
        headers={"Content-Type": reply.content_type},
    )


def _hang_up(transport: asyncio.Transport, reset: bool) -> None:
    """A close looks like a server that went away, a reset like one that refuses."""
    if not reset:
        transport.close()
        return
    link = transport.get_extra_info("socket")
    if link is not None:
        # Without lingering, the kernel sends RST instead of a polite FIN.
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def application(world: World, clock: ScaledClock) -> web.Application:
    """One world behind one port."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_route("*", "/{tail:.*}", handler(world, clock))
    return app


@dataclass
class Pump:
    """Sends what becomes due. Every push is a task of its own, so that a slow receiver delays nobody else."""

    world: World
    clock: ScaledClock
    session: aiohttp.ClientSession
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                self._step()
            except (
                Exception
            ):  # a double that stops pushing without a word would be taken for a vendor's fault
                LOG.exception("%s: a step failed", self.world.name)
            await asyncio.sleep(self._pause())

    def _step(self) -> None:
        for push in self.world.advance(self.clock.now()):
            task = asyncio.create_task(self._deliver(push))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    def _pause(self) -> float:
        due = self.world.next_due()
        if due is None:
            return LONGEST_TICK
        real = self.clock.real_seconds(due - self.clock.now().scaled)
        return min(max(real, SHORTEST_TICK), LONGEST_TICK)

    async def _deliver(self, push: Push) -> None:
        status, note, body = None, "", b""
        try:
            async with self.session.post(
                push.url,
                data=push.body.encode("utf-8", "replace"),
                headers={"Content-Type": push.content_type, **push.headers},
                timeout=aiohttp.ClientTimeout(total=push.timeout),
                allow_redirects=False,  # whether the vendor follows any is not documented; 3xx is not 200
            ) as answer:
                body = await answer.read() if push.wants_body else b""
                status = answer.status
        except TimeoutError:
            note = "timeout"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            note = type(error).__name__
        if push.wants_body and isinstance(self.world, ReadsAnswers):
            self.world.push_answer(push, status, body.decode("utf-8", "replace"), self.clock.now(), note)
        else:
            self.world.push_result(push, status, self.clock.now(), note)

    def stop(self) -> None:
        """Give up what is on its way."""
        for task in self._running:
            task.cancel()


async def listen(world: World, clock: ScaledClock, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Start serving; the runner to clean up and the address (port 0 finds a free one)."""
    runner = web.AppRunner(application(world, clock), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    bound = runner.addresses[0]
    return runner, f"http://{host}:{bound[1]}"
