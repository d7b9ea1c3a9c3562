"""Records of the table's stream as the relay understands them."""

import base64
from collections.abc import Mapping
from typing import Any

from earshot.store.dynamo import records
from earshot.store.dynamo.segments import DynamoSegments
from earshot.store.port import Change, SegmentChange, WatchChange

TELLING = frozenset({"segment", "batch", "watch"})
"""Kinds of items whose changes are told; the stream's filter in template.yaml lists the same."""


def change_of(record: Mapping[str, Any], segments: DynamoSegments) -> Change | None:
    """The change of one stream record; None for an expiry, or an item that nobody is told of."""
    images = record["dynamodb"]
    image = images.get("NewImage")
    if image is None or image.get("kind", {}).get("S") not in TELLING:
        return None
    if image["kind"]["S"] != "watch":
        head = {**image, "body": {"B": base64.b64decode(image["body"]["B"])}}
        return SegmentChange(lambda: segments.assemble(head))
    before = images.get("OldImage")
    return WatchChange(
        was=records.watch(before) if before else None,
        now=records.watch(image),
        token=image.get("task_token", {}).get("S"),
        token_was=before.get("task_token", {}).get("S") if before else None,
    )
