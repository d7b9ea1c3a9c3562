"""Fields of a start (docs/lyrebird-api.md, "Start a stream")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local.doubles.model import Json
from local.doubles.settings import BadField
from local.doubles.slices import fields

SCHEMES = ("http", "https", "rtmp", "rtmps")
KEY = re.compile(r"[A-Za-z0-9._:#-]{1,128}")
UINT32 = 2**32 - 1
# Required fields of each kind of source.
KINDS = {
    "url": ("url",),
    "zego": ("app_id", "room_id", "identify_token"),
    "agora": ("app_id", "channel", "uid", "token"),
}
TOP = ("account", "stream_key", "source", "mode", "callback", "note")


@dataclass(frozen=True)
class Source:
    """What is listened to. ``room`` is the address for ``url``."""

    kind: str
    room: str
    app: str = ""
    user: str = ""
    token: str = ""


def check(account: str, body: Json, warnings: list[str]) -> Source:
    """Hold a body against the page's table; raises BadField."""
    fields.known("", body, TOP, warnings)
    if fields.text("", body, "account") != account:
        raise BadField("account", "must be the account that signs")
    if not KEY.fullmatch(fields.text("", body, "stream_key", 128)):
        raise BadField("stream_key", "may have letters, digits and . _ : # - only")
    source = _source(fields.inner("", body, "source"), warnings)
    if "mode" in body:
        fields.one_of("", body, "mode", ("all", "hits"))
    fields.url("", body, "callback", ("http", "https"))
    if not isinstance(body.get("note", ""), str) or len(body.get("note", "")) > 4096:
        raise BadField("note", "must be a string of at most 4096 characters")
    return source


def _source(source: Json, warnings: list[str]) -> Source:
    kind = fields.one_of("source.", source, "kind", tuple(KINDS))
    fields.known("source.", source, ("kind", *KINDS[kind]), warnings)
    if kind == "url":
        return Source(kind, fields.url("source.", source, "url", SCHEMES))
    app, room, *more = (fields.text("source.", source, name) for name in KINDS[kind])
    if kind == "zego":
        return Source(kind, room, app, "", more[0])
    uid, token = more
    if not uid.isdecimal() or not 1 <= int(uid) <= UINT32:
        raise BadField("source.uid", f"must be a number from 1 to {UINT32}, as a string")
    return Source(kind, room, app, uid, token)
