"""JSON Schemas of the contract, from the models that the code checks with.

``python -m events.generate_schemas`` writes them, ``--check`` says whether they are stale (exit 1).
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "schemas"
LAYER = HERE.parent / "layers" / "earshot" / "python"
if str(LAYER) not in sys.path:
    sys.path.insert(0, str(LAYER))

from earshot.contract.moderation_events import EVENTS, SOURCE  # noqa: E402
from earshot.contract.plan import Plan  # noqa: E402
from earshot.contract.room_events import SOURCE as ROOM_SOURCE  # noqa: E402
from earshot.contract.room_events import RoomEvent  # noqa: E402

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """File name → text. Each event's schema is about its ``detail``."""
    made = {"RoomEvent": _room_event(), "Plan": Plan.model_json_schema()}
    made |= {event.__name__: _outgoing(event.model_json_schema(mode="serialization")) for event in EVENTS}
    return {f"{name}.json": _text(schema) for name, schema in made.items()}


def _room_event() -> dict[str, Any]:
    schema = RoomEvent.model_json_schema()
    return {**schema, "$comment": f"detail of events of source {ROOM_SOURCE}"}


def _outgoing(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "$comment": f"detail of events of source {SOURCE}"}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps({"$schema": DIALECT, **schema}, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def stale() -> list[str]:
    """Files that are not what the models say, missing ones and leftovers among them."""
    wanted = schemas()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write() -> None:
    """Make the folder what the models say."""
    FOLDER.mkdir(exist_ok=True)
    wanted = schemas()
    for path in FOLDER.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m events.generate_schemas", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if a schema is stale")
    if not parser.parse_args(arguments).check:
        write()
        return 0
    for name in stale():
        print(f"stale: events/schemas/{name}; run python -m events.generate_schemas", file=sys.stderr)
    return 1 if stale() else 0


if __name__ == "__main__":
    raise SystemExit(main())
