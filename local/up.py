"""``make up``: the whole bundle on this machine, in the background."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TypeVar

from local import configure, deploy, processes, routes, servers, stack, template, webhooks
from local.down import down
from local.environment import REGION
from local.options import Options
from local.places import Home

T = TypeVar("T")
Say = Callable[[str], None]


def up(home: Home, options: Options, say: Say = print) -> stack.Stack:
    """Start what does not run, deploy, configure; returns the stack, which is also in ``stack.json``.

    Repeatable: a stack that was started with the same wishes is deployed to again and keeps its data; one with
    other wishes is stopped first. A failure stops whatever was started.

    Raises:
        StepFailed: with the reason and the end of the log of the step that failed.
    """
    configure.check(options.settings, options.plan)
    home.prepare()
    if not _serves(home, options):
        down(home, say=_quiet)
        home.prepare()
    try:
        return _up(home, options, say)
    except BaseException:
        down(home, say=_quiet)
        raise


def _up(home: Home, options: Options, say: Say) -> stack.Stack:
    if home.stack_file.exists():
        known = stack.read(home)
        endpoint_url, doubles = known.endpoint_url, known.doubles
    else:
        endpoint_url = _step(say, "emulator", lambda: servers.start_emulator(home, options))
        doubles = _step(say, "doubles", lambda: servers.start_doubles(home, options))
    parameters = _parameters(options, endpoint_url, doubles)
    with deploy.one_at_a_time():
        _step(say, "sam build", lambda: deploy.build(home))
        outputs = _step(say, "sam deploy", lambda: deploy.deploy(home, endpoint_url, parameters))
    _step(say, "routes, secret, plan", lambda: _configure(endpoint_url, outputs, options, doubles))
    deployed = _described(home, options, endpoint_url, doubles, outputs)
    stack.write(home, deployed)
    return deployed


def _parameters(options: Options, endpoint_url: str, doubles: dict[str, str]) -> dict[str, str]:
    names = template.base_url_parameters()
    nowhere = dict.fromkeys(names, servers.NOWHERE)
    played = {
        name: doubles[double] + path
        for double, paths in template.DOUBLES.items()
        for name, path in paths.items()
        if double in doubles
    }
    urls = nowhere | played | dict(options.base_urls)
    given = {names[name]: url for name, url in urls.items()}
    given["DeclaredOrigins"] = json.dumps(template.declared_origins(doubles), separators=(",", ":"))
    return given | {"CallbackBaseUrl": deploy.api_url(endpoint_url)} | dict(options.parameters)


def _configure(endpoint_url: str, outputs: dict[str, str], options: Options, doubles: dict[str, str]) -> None:
    routes.create(endpoint_url)
    configure.fill_settings(endpoint_url, outputs["SettingsSecretArn"], options.settings, doubles.get("gin"))
    if options.plan:
        configure.fill_plan(endpoint_url, outputs["PlanParameterName"], options.plan)
    if options.webhooks:
        ours = {
            name: url
            for name, url in doubles.items()
            if not set(template.DOUBLES[name]) & set(options.base_urls)
        }
        webhooks.tell_doubles(ours, webhooks.addresses(deploy.api_url(endpoint_url), options.settings))


def _described(
    home: Home, options: Options, endpoint_url: str, doubles: dict[str, str], outputs: dict[str, str]
) -> stack.Stack:
    return stack.Stack(
        endpoint_url=endpoint_url,
        region=REGION,
        api_url=deploy.api_url(endpoint_url),
        bus_name=outputs["BusName"],
        table_name=outputs["TableName"],
        state_machine_arn=outputs["StateMachineArn"],
        doubles=doubles,
        settings_secret=outputs["SettingsSecretArn"],
        plan_parameter=outputs["PlanParameterName"],
        dead_letter_queue_url=outputs["DeadLetterQueueUrl"],
        room_webhooks=webhooks.addresses(deploy.api_url(endpoint_url), options.settings),
        time_scale=options.time_scale,
        one_clock=options.one_clock,
        pids={process.name: process.pid for process in processes.recorded(home)},
        fingerprint=options.fingerprint(),
    )


def _serves(home: Home, options: Options) -> bool:
    """Whether a stack runs that these wishes can be deployed to."""
    if not home.stack_file.exists() or stack.read(home).fingerprint != options.fingerprint():
        return False
    found = processes.recorded(home)
    return bool(found) and all(process.alive() for process in found)


def _step(say: Say, name: str, work: Callable[[], T]) -> T:
    began = time.monotonic()
    result = work()
    say(f"  {name:<22} {time.monotonic() - began:5.1f} s")
    return result


def _quiet(_line: str) -> None:
    """Say nothing."""
