"""Descriptions as people write them: a small YAML that has no surprises.

No aliases, no tags, no names twice; ``yes``, ``on``, ``012``, ``1:30`` and dates are texts. What is left is JSON.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from earshot.vendors.declared.places import BadDescription

MAX_BYTES = 131_072


class _Loader(yaml.SafeLoader):
    """See the module."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as PyYAML has it

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Aliases can blow a small text up."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _told(event, "aliases (*name) are not allowed")
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _told(event, "anchors (&name) and tags (!name) are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Every name once."""
        seen = set[str]()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _told(key, "names must be texts")
            if key.value in seen:
                raise _told(key, f"`{key.value}` is there twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _told(node: Any, why: str) -> BadDescription:
    mark = node.start_mark
    return BadDescription(f"line {mark.line + 1}", why)


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]{0,18})", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,15}", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), _first)


def read(path: Path) -> Any:
    """What a file says. Raises BadDescription."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise BadDescription(str(path), f"has {len(raw)} bytes, at most {MAX_BYTES} are read")
    return parsed(raw)


def parsed(raw: bytes) -> Any:
    """The same of its bytes."""
    try:
        return yaml.load(raw.decode(), Loader=_Loader)  # noqa: S506 - it is a safe one
    except UnicodeDecodeError:
        raise BadDescription("description", "is not UTF-8") from None
    except RecursionError:
        raise BadDescription("description", "is nested too deeply") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadDescription(f"line {mark.line + 1 if mark else '?'}", str(error.problem)) from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, BadDescription):
            raise
        raise BadDescription("description", "is not YAML") from None
