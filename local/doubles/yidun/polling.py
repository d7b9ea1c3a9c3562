"""Polls (page "直播音频结果获取")."""

from __future__ import annotations

from local.doubles.model import Json
from local.doubles.yidun.backlog import Backlog
from local.doubles.yidun.call import Call
from local.doubles.yidun.codes import TOO_LONG, Refusal
from local.doubles.yidun.rates import Rates
from local.doubles.yidun.settings import YidunSettings

LONGEST_ID = 64


class Polls:
    """Hands results out."""

    def __init__(self, backlog: Backlog, rates: Rates, settings: YidunSettings) -> None:
        self._backlog, self._rates, self._settings = backlog, rates, settings

    def poll(self, call: Call) -> list[Json] | None:
        """``result`` of a poll."""
        request_id = call.form.get("yidunRequestId", "")
        if len(request_id) > LONGEST_ID:
            raise Refusal(TOO_LONG, "yidunRequestId")
        self._rates.pass_or_refuse(call)
        items = self._backlog.take(call.owner, request_id, call.now.scaled, call.forget)
        return None if not items and self._settings.poll_empty == "null" else items
