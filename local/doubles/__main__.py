"""Command line: ``python -m local.doubles --help``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
from pathlib import Path

import aiohttp

from local.doubles.clock import ScaledClock
from local.doubles.model import Json
from local.doubles.server import Pump, listen
from local.doubles.wiring import NAMES, worlds

LOG = logging.getLogger("doubles")
PORTS = {"zego": 9101, "shumei": 9102}  # the others find free ones


def arguments() -> argparse.ArgumentParser:
    """All options."""
    parser = argparse.ArgumentParser(
        prog="local.doubles", description="Doubles of RTC clouds, of Shumei and of Yidun."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to bind to (default: loopback only)")
    for name in NAMES:
        number = PORTS.get(name, 0)
        parser.add_argument(f"--{name}-port", type=int, default=number, help="0 finds a free port")
    parser.add_argument("--only", choices=NAMES, nargs="+", help="serve these")
    parser.add_argument("--time-scale", type=float, default=1.0, help="scaled seconds per real second")
    parser.add_argument(
        "--one-clock", type=float, help="epoch seconds from which on the time of day runs scaled too"
    )
    parser.add_argument("--settings", type=Path, help="JSON: Earshot's secret, plus a key `doubles`")
    parser.add_argument("--scenario", type=Path, help="YAML: who says what")
    parser.add_argument("--ready-file", type=Path, help="written once all listen")
    parser.add_argument(
        "--no-zego-tokens", action="store_true", help="Shumei and Yidun take any token, an IdentifyToken once"
    )
    return parser


async def serve(options: argparse.Namespace) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = ScaledClock(options.time_scale, options.one_clock)
    ports = {name: getattr(options, f"{name}_port") for name in NAMES}
    async with contextlib.AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        addresses: Json = {}
        chosen = worlds(options.settings, options.scenario, options.only, options.no_zego_tokens)
        for name, world in chosen.items():
            runner, addresses[name] = await listen(world, clock, options.host, ports[name])
            stack.push_async_callback(runner.cleanup)
            pump = Pump(world, clock, session)
            task = asyncio.create_task(pump.run())
            stack.callback(pump.stop)
            stack.callback(task.cancel)
            LOG.info("%s at %s, %s scaled seconds per second", name, addresses[name], clock.scale)
        ready(options.ready_file, addresses | {"time_scale": clock.scale, "pid": os.getpid()})
        await stop.wait()


def ready(path: Path | None, facts: Json) -> None:
    """Tell whoever waits that everything listens."""
    if path is None:
        return
    # Renamed into place: whoever waits for the file never reads half of it.
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(json.dumps(facts), "utf-8")
    draft.replace(path)


def main() -> None:
    """Run."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    options = arguments().parse_args()
    if options.time_scale <= 0:
        raise SystemExit("--time-scale must be positive")
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
