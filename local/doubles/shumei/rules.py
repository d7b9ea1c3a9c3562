"""Rules between fields of a submission, and the validation as a whole.

Page "智能音频流识别产品API文档", 2.1; marks where the page leaves a choice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local.doubles.model import Json
from local.doubles.settings import BadField
from local.doubles.shumei.fields import Check, Field, encoded_size
from local.doubles.shumei.tables import DATA, EXTRA, PARAM, PARAM_ROWS, top


def submission(body: Json, check: Check) -> None:
    """Validate a whole submission; raises BadField."""
    body = dict(body)
    if "btId" not in body and "btid" in body:
        # The page's own sample spells it so.
        check.warnings.append("btid: the documented spelling is btId")
        body["btId"] = body.pop("btid")
    check.table("", body, top(check.settings.accept_old_types))
    if not check.has(body, "type") and not check.has(body, "businessType"):
        raise BadField("type", "at least one of type and businessType is required")
    gender("businessType", body, check)
    stream(body["data"], check, TABLES)


def gender(name: str, body: Json, check: Check) -> None:
    """Functions that only work beside another one."""
    business = str(body.get(name) or "").split("_")
    if {"TIMBRE", "SING", "LANGUAGE"} & set(business) and "GENDER" not in business:
        check.warnings.append(f"{name}: TIMBRE, SING and LANGUAGE only work together with GENDER")


@dataclass(frozen=True)
class Tables:
    """What ``data`` of one interface is held against; ``params`` names the object of each stream type."""

    data: tuple[Field, ...]
    params: dict[str, str]
    rows: dict[str, tuple[Field, ...]]
    between: dict[str, Callable[[str, Json, Check], None]]


def stream(data: Json, check: Check, tables: Tables) -> None:
    """Validate ``data``; raises BadField."""
    if encoded_size(data) > check.settings.data_limit_bytes:
        raise BadField("data", f"must not exceed {check.settings.data_limit_bytes} bytes")
    check.table("data.", data, tables.data)
    if check.has(data, "extra"):
        check.table("data.extra.", data["extra"], EXTRA)
    stream_type = data["streamType"]
    if stream_type == "NORMAL":
        if not check.has(data, "url"):
            raise BadField("data.url", "is required for streamType NORMAL")
    else:
        name = tables.params[stream_type]
        if not check.has(data, name):
            raise BadField(f"data.{name}", f"is required for streamType {stream_type}")
        where = f"data.{name}."
        check.table(where, data[name], tables.rows[stream_type])
        tables.between.get(stream_type, _nothing)(where, data[name], check)
    others = [n for n in tables.params.values() if n in data and n != tables.params.get(stream_type)]
    check.warnings += [f"data.{n} is not read for streamType {stream_type}" for n in others]
    if "initDomain" in data and stream_type != "ZEGO":
        check.warnings.append("data.initDomain is for streamType ZEGO only")


def _nothing(where: str, param: Json, check: Check) -> None:
    """No rule beyond the table."""


def zego(where: str, param: Json, check: Check) -> None:
    """Which of room and stream."""
    stream, room = check.has(param, "streamId"), check.has(param, "roomId")
    if param.get("isMixingEnabled") is False:  # [D]
        if not room:
            raise BadField(f"{where}roomId", "is required when isMixingEnabled is false")
        if stream:
            raise BadField(f"{where}streamId", "must not be sent when isMixingEnabled is false")
    if not stream and not room:
        raise BadField(f"{where}roomId", "at least one of streamId and roomId is required")
    if stream and room:
        check.warnings.append(f"{where}roomId is not read because streamId is there")


def agora(where: str, param: Json, check: Check) -> None:
    """Token, and who is listened to."""
    if check.has(param, "token") and param.get("uid") is None:
        raise BadField(f"{where}uid", "is required when there is a token")
    mode = param.get("subscribeMode") or "AUTO"
    if mode != "AUTO" and param.get("isMixingEnabled") is not False:
        # The page says "only takes effect in split mode"; whether that is an error is [?].
        if check.settings.agora_subscribe_in_mixed == "refuse":
            raise BadField(f"{where}subscribeMode", f"{mode} needs isMixingEnabled false")
        check.warnings.append(f"{where}subscribeMode has no effect in mixed mode")
        return
    subscription(where, param, check)


def subscription(where: str, param: Json, check: Check) -> None:
    """Who is listened to."""
    mode = param.get("subscribeMode") or "AUTO"
    if mode == "UNTRUSTED" and not param.get("untrustedUserIdList"):
        raise BadField(f"{where}untrustedUserIdList", "must not be empty for subscribeMode UNTRUSTED")
    for name, owner in (("trustedUserIdList", "TRUSTED"), ("untrustedUserIdList", "UNTRUSTED")):
        if name in param and mode != owner:
            check.warnings.append(f"{where}{name} is not read for subscribeMode {mode}")


def trtc(where: str, param: Json, check: Check) -> None:
    """One of the two rooms."""
    number, text = param.get("roomId") is not None, check.has(param, "strRoomId")
    if not number and not text:
        raise BadField(f"{where}roomId", "one of roomId and strRoomId is required")
    if number and text:
        check.warnings.append(f"{where}strRoomId is not read because roomId is there")


BETWEEN: dict[str, Callable[[str, Json, Check], None]] = {
    "ZEGO": zego,
    "AGORA": agora,
    "TRTC": trtc,
    "VOLC": subscription,
}

TABLES = Tables(DATA, PARAM, PARAM_ROWS, BETWEEN)
