"""The plan's settings for a declared vendor, what it hears, and what a function pays for it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from earshot.vendors import registry
from earshot.vendors.declared.capabilities import rows
from earshot.vendors.declared.options import Options
from earshot.vendors.declared.places import BadDescription
from pydantic import ValidationError

from tests.unit.declared.declared_parts import SAID, described
from tests.unit.support.root import LAYER

SETTINGS = {
    "word": {"type": "string", "enum": ["a", "b"], "default": "a"},
    "count": {"type": "integer", "minimum": 1, "maximum": 9},
    "share": {"type": "number", "default": 0.5},
    "list": {"type": "array", "items": {"type": "string", "maxLength": 3}, "maxItems": 2},
    "inner": {"type": "object", "default": {}, "properties": {"x": {"type": "boolean", "default": True}}},
    "free": {"type": "object"},
}


def options() -> Options:
    return Options(described(("settings", {**SAID["settings"], **SETTINGS})))


def test_settings_are_completed() -> None:
    checked = options().check("room_mixed", {"count": 3, "free": {"any": [1]}})
    assert checked["word"] == "a"
    assert checked["inner"] == {"x": True}
    assert checked["count"] == 3
    assert options().check("stream", json.loads(json.dumps(checked))) == checked


@pytest.mark.parametrize(
    ("given", "loc", "told"),
    [
        ({"no_such": 1}, ("no_such",), "known"),
        ({"word": "c"}, ("word",), "a, b"),
        ({"word": 1}, ("word",), "a text"),
        ({"count": 0}, ("count",), "1 to 9"),
        ({"count": True}, ("count",), "whole number"),
        ({"count": 1.0}, ("count",), "whole number"),
        ({"share": float("nan")}, ("share",), "finite"),
        ({"list": ["abcd"]}, ("list", 0), "length"),
        ({"list": ["a", "b", "c"]}, ("list",), "length"),
        ({"inner": {"y": 1}}, ("inner", "y"), "known"),
        ({"inner": {"x": 1}}, ("inner", "x"), "true or false"),
        ({"free": []}, ("free",), "an object"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, Any], loc: tuple[Any, ...], told: str) -> None:
    with pytest.raises(ValidationError) as raised:
        options().check("room_mixed", given)
    (error,) = raised.value.errors()
    assert error["loc"] == loc
    assert told in error["msg"]


def test_steps_of_saving_are_settings() -> None:
    made = Options(described(("thrift", {"hits_only": {"mode": "hits"}})))
    assert made.thrift({"mode": "all", "app": 1}, "hits_only") == {"mode": "hits", "app": 1}
    assert made.thrift({"mode": "all"}, "mixed") == {"mode": "all"}
    assert made.audited_share({}) == 1
    assert made.needs_credential({})
    assert not Options(described(("token", None))).needs_credential({})


def test_what_it_hears() -> None:
    (row,) = rows(described())
    assert row.hears("zego", {})
    assert not row.hears("agora", {})
    assert not row.platforms["url"].confirmed


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("capabilities.media", ["smell"]),
        ("capabilities.platforms", {"zego": "perhaps"}),
        ("capabilities.dedupe", None),
        ("capabilities.chosen_by", {"no_such": 1}),
        ("capabilities.no_such", 1),
    ],
)
def test_a_capability_that_is_none_is_refused(place: str, value: Any) -> None:
    with pytest.raises(BadDescription):
        rows(described((place, value)))


PROGRAM = """
import sys
from earshot.vendors import registry
registry.door(sys.argv[1]); registry.reader(sys.argv[1])
print("\\n".join(sorted(sys.modules)))
"""


def test_door_and_reader_load_neither_what_calls_nor_what_checks_plans() -> None:
    command = [sys.executable, "-c", PROGRAM, "lyrebird"]
    done = subprocess.run(command, env={"PYTHONPATH": str(LAYER)}, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    heavy = {"requests", "urllib3", "yaml", "pydantic", "pydantic_core", "jsonschema", "jinja2", "boto3"}
    assert not modules & heavy
    assert not {
        name
        for name in modules
        if name.startswith("earshot.vendors.declared.")
        and name.endswith(("client", "signing", "outward", "transport"))
    }
    assert "jmespath" in modules


def test_every_declared_vendor_is_known() -> None:
    assert registry.declared() <= set(registry.names())
    assert all(registry.capabilities(name) for name in registry.declared())
