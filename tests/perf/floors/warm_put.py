"""The floor of one warm callback: its body parsed, and the same item written by the same client."""

import json
from collections.abc import Mapping
from typing import Any


def parse_and_put(client: Any, body: str, write: Mapping[str, Any]) -> None:
    """What nobody can do without."""
    json.loads(body)
    client.put_item(**write)
