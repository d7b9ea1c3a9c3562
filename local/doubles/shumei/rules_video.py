"""Validation of a submission of video stream V4 (its page, submit)."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.settings import BadField
from local.doubles.shumei.fields import Check, encoded_size
from local.doubles.shumei.rules import Tables, gender, stream, subscription, trtc
from local.doubles.shumei.tables_video import DATA, NO_AUDIO, PARAM, PASS_THROUGH_LIMIT, ROWS, TOP

ZEGO_MORE = ("streamId", "isMixingEnabled")
MAX_FREQUENCY = 60


def submission(body: Json, check: Check) -> None:
    """Validate a whole submission; raises BadField."""
    check.table("", body, TOP)
    for media in ("img", "audio"):
        if not check.has(body, f"{media}Type") and not check.has(body, f"{media}BusinessType"):
            raise BadField(f"{media}Type", f"at least one of {media}Type and {media}BusinessType is required")
    asked = str(body.get("audioType") or "").split("_")
    if NO_AUDIO in asked and len(asked) > 1:
        raise BadField("audioType", "NONE stands alone")  # [I]: anything else would contradict it
    if audible(body) and not check.has(body, "audioCallback"):
        raise BadField("audioCallback", "is required when audio is audited")
    gender("audioBusinessType", body, check)
    stream(body["data"], check, TABLES)
    _data(body["data"], check)


def audible(body: Json) -> bool:
    """Whether the sound is audited too."""
    return bool(functions(body) - {NO_AUDIO})


def functions(body: Json) -> frozenset[str]:
    """Everything that was asked for of the sound."""
    return frozenset(
        word for name in ("audioType", "audioBusinessType") for word in str(body.get(name) or "").split("_")
    ) - {""}


def _data(data: Json, check: Check) -> None:
    settings = check.settings
    if len(data["tokenId"]) > settings.video_token_id_limit:
        raise BadField("data.tokenId", f"must have at most {settings.video_token_id_limit} characters")
    if settings.video_lang_required and not check.has(data, "lang"):
        raise BadField("data.lang", "is required")
    if data.get("detectFrequency", 0) > MAX_FREQUENCY and settings.video_frequency_above == "refuse":
        raise BadField("data.detectFrequency", f"must be between 1 and {MAX_FREQUENCY}")
    passed = (data.get("extra") or {}).get("passThrough")
    if passed is not None and encoded_size(passed) > PASS_THROUGH_LIMIT:
        raise BadField("data.extra.passThrough", f"must not exceed {PASS_THROUGH_LIMIT} characters")
    if "initDomain" in data and data["streamType"] == "ZEGO":
        _more("data.initDomain", check)


def _more(field: str, check: Check) -> None:
    """What the audio interface has and this one has not; an unknown field warns already."""
    if check.settings.video_zego_more_fields == "refuse":
        raise BadField(field, "is not a field of this interface")


def _zego(where: str, param: Json, check: Check) -> None:
    for name in ZEGO_MORE:
        if name in param:
            _more(f"{where}{name}", check)


def _agora(where: str, param: Json, check: Check) -> None:
    if check.has(param, "token") and param.get("uid") is None:
        raise BadField(f"{where}uid", "is required when there is a token")
    subscription(where, param, check)


def _trtc(where: str, param: Json, check: Check) -> None:
    trtc(where, param, check)
    limit = check.settings.video_user_sig_limit
    if limit and len(param["userSig"]) > limit:
        raise BadField(f"{where}userSig", f"must have at most {limit} characters")


TABLES = Tables(DATA, PARAM, ROWS, {"ZEGO": _zego, "AGORA": _agora, "TRTC": _trtc})
