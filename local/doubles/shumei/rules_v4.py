"""Validation of a submission of audio stream V4 (its page, submit)."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.settings import BadField
from local.doubles.shumei.fields import Check
from local.doubles.shumei.rules import BETWEEN, Tables, gender, stream
from local.doubles.shumei.tables_v4 import DATA, PARAM_V4, ROWS, TOP

TABLES = Tables(DATA, PARAM_V4, ROWS, BETWEEN)


def submission(body: Json, check: Check) -> None:
    """Validate a whole submission; raises BadField."""
    check.table("", body, TOP)
    if not check.has(body, "type") and not check.has(body, "businessType"):
        raise BadField("type", "at least one of type and businessType is required")
    gender("businessType", body, check)
    data = body["data"]
    if check.settings.v4_bt_id_anywhere and not check.has(data, "btId") and check.has(body, "btId"):
        check.warnings.append("btId: its place is data.btId")
        data = data | {"btId": body["btId"]}
    stream(data, check, TABLES)
