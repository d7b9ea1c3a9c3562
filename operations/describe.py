"""Descriptions of vendors: check one that is being written, or build those that are shipped.

``python -m operations.describe check vendors/lyrebird.yaml`` says what is wrong and where, or shows what the vendor
would be sent (secrets masked), what its samples come to, what it hears, and what is still to be asked.
``python -m operations.describe build`` writes the JSON that the functions read; ``--check`` only compares.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from earshot.vendors.capability import Capability, Fact
from earshot.vendors.declared.capabilities import rows
from earshot.vendors.declared.description import FOLDER, Description, compiled
from earshot.vendors.declared.places import BadDescription
from earshot.vendors.declared.room import platforms
from earshot.vendors.declared.schema import Schema
from earshot.vendors.registry import VENDORS

from operations.description_samples import Rendered, run
from operations.description_yaml import read

SOURCES = Path(__file__).parent.parent / "vendors"


def load(path: Path) -> tuple[Description, str]:
    """A whole description, calls and capabilities with it, and its JSON, which goes without the examples. Raises
    BadDescription."""
    said = read(path)
    try:
        description = compiled(said)
        description.outward()
        rows(description)
    except RecursionError:
        raise BadDescription("description", "is nested too deeply") from None
    if description.name != path.stem:
        raise BadDescription("name", f"must be the file's: {path.stem}")
    if description.name in VENDORS:
        raise BadDescription("name", "is that of a vendor that has a folder")
    strangers = set(description.rest.get("token") or {}) - platforms(description)
    if strangers:
        raise BadDescription("token", f"no capability hears {', '.join(sorted(strangers))}")
    shipped = {name: value for name, value in said.items() if name != "examples"}
    return description, json.dumps(shipped, ensure_ascii=False, indent=1) + "\n"


def told(description: Description, rendered: Sequence[Rendered]) -> Iterator[str]:
    """What ``check`` prints of one that is sound."""
    proof = description.verified
    yield f"{description.title} ({description.name})"
    yield f"verified: {proof['on']}, {proof['evidence']}" if proof else "verified: none. DO NOT RELY ON IT."
    for one in rendered:
        yield from ("", *_request(one))
    yield ""
    for row in rows(description):
        yield from _capability(row)
    assumed = list(_assumed(description.settings))
    if assumed or description.unknown:
        yield from ("", "Still to be asked of the vendor:")
        yield from (f"  - {question}" for question in description.unknown)
        yield from (f"  - {line}" for line in assumed)


def _request(one: Rendered) -> Iterator[str]:
    hidden = one.given.hidden()

    def masked(text: str) -> str:
        for value in hidden:
            text = text.replace(value, "***")
        return text

    yield f"{one.call}: {one.wire.method} {masked(one.wire.origin.url + one.wire.target)}"
    for name, value in one.wire.headers.items():
        yield f"    {name}: {'***' if _proves(name) else masked(value)}"
    if one.wire.body:
        yield f"    {masked(one.wire.body.decode())}"


def _proves(name: str) -> bool:
    return any(word in name.lower() for word in ("authorization", "sign", "token", "secret", "key"))


def _capability(row: Capability) -> Iterator[str]:
    heard = (f"{name}{'' if hearing.confirmed else ' (assumed)'}" for name, hearing in row.platforms.items())
    yield f"{row.product}: {', '.join(row.media)} of {', '.join(heard)}"
    for name in ("results", "finish", "dedupe", "renewal", "human_review"):
        fact: Fact = getattr(row, name)
        yield f"    {name}: {fact.said}{'' if fact.confirmed else ' (assumed)'}"


def _assumed(settings: dict[str, Schema] | object, where: str = "") -> Iterator[str]:
    for name, schema in dict(settings).items() if isinstance(settings, dict) else ():
        if schema.assumed:
            yield f"setting {where}{name}, by default {schema.default!r}: {schema.assumed}"
        yield from _assumed(schema.properties or {}, f"{where}{name}.")


def check(path: Path) -> int:
    """Print what a description comes to; 1 if it is wrong."""
    try:
        description, _ = load(path)
        lines = list(told(description, list(run(description))))
    except BadDescription as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{path}: cannot be read ({error.strerror})", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def build(*, only_compare: bool, sources: Path = SOURCES, folder: Path = FOLDER) -> int:
    """Write the JSON of every description, and take away that of those that are gone; 1 if one is wrong, or, when
    only comparing, not what its source gives."""
    try:
        made = {path.stem: load(path)[1] for path in sorted(sources.glob("*.yaml"))}
    except BadDescription as error:
        print(error, file=sys.stderr)
        return 1
    there = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    stale = sorted(name for name in {*made, *there} if made.get(name) != there.get(name))
    if only_compare:
        print(
            "\n".join(f"{name}: run `python -m operations.describe build`" for name in stale), file=sys.stderr
        )
        return 1 if stale else 0
    for name in stale:
        target = folder / f"{name}.json"
        if name in made:
            target.write_text(made[name], encoding="utf-8")
        else:
            target.unlink()
        print(f"{'wrote' if name in made else 'removed'} {target.name}")
    return 0


def main(given: Sequence[str] | None = None) -> int:
    """1 if a description is wrong."""
    parser = argparse.ArgumentParser(description="Descriptions of vendors.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("check", help="say what is wrong with one, or what it comes to")
    one.add_argument("path", type=Path)
    every = commands.add_parser("build", help="write the JSON of all of them")
    every.add_argument("--check", action="store_true", help="only compare")
    wanted = parser.parse_args(given)
    if wanted.command == "check":
        return check(wanted.path)
    return build(only_compare=wanted.check)


if __name__ == "__main__":
    sys.exit(main())
