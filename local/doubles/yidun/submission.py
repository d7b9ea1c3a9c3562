"""Submit (page "直播音频异步检测"; the solution's differs in its answer)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from local.doubles.model import Json
from local.doubles.yidun import fields
from local.doubles.yidun.address import Address, BadAddress, parse
from local.doubles.yidun.call import Call
from local.doubles.yidun.codes import BAD, DUPLICATE, FULL, SUBMITTED, WALL, Refusal
from local.doubles.yidun.door import Clouds
from local.doubles.yidun.rates import Rates
from local.doubles.yidun.runner import Runner
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Task

UINT32, YUNXIN_DIGITS = 2**32 - 1, 12


class Submissions:
    """Judges and starts tasks."""

    def __init__(
        self,
        runner: Runner,
        door: Clouds,
        rates: Rates,
        settings: YidunSettings,
        entropy: Callable[[int], str],
    ) -> None:
        self._runner, self._door, self._rates = runner, door, rates
        self._settings, self._entropy = settings, entropy

    def submit(self, call: Call) -> Json:
        """``result`` of a submission."""
        fields.submission(call.owner.product, call.form, self._settings, call.warnings)
        address = self._address(call)
        self._rates.pass_or_refuse(call)
        key, new_id = _duplicate_key(call), self._entropy(16)
        twin = self._runner.twin(key)
        if twin is not None:
            if self._settings.duplicate_consumes_token:
                self._door.spend(address, new_id, call.now)
            known = twin.id if self._settings.duplicate_task_id == "first" else new_id
            return self.answer(call.owner.product, DUPLICATE, known)
        if self._runner.crowd(call.owner) >= self._settings.max_streams:
            return self.answer(call.owner.product, FULL, new_id)
        task = Task(new_id, call.owner, dict(call.form), address, key, call.now.scaled, call.now.wall)
        if call.forget:
            self._door.spend(address, new_id, call.now)
        else:
            self._runner.start(task, call.now)
        return self.answer(call.owner.product, SUBMITTED, task.id)

    def answer(self, product: str, status: int, task_id: str) -> Json:
        """A number for live audio, a Boolean for the solution; whether refusals have a taskId is [?]."""
        told = self._settings.task_id_with.get(str(status), status == SUBMITTED)
        answer: Json = {"taskId": task_id} if told else {}
        return answer | {"status": status == SUBMITTED if product == WALL else status}

    def ordered(self, product: str, status: int) -> Json:
        """A status to order."""
        return self.answer(product, status, self._entropy(16))

    def _address(self, call: Call) -> Address:
        try:
            address = parse(call.form["url"])
        except BadAddress as bad:
            raise Refusal(BAD, "url", str(bad)) from None
        call.warnings += _remarks(address)
        return address


def _duplicate_key(call: Call) -> Hashable:
    """``uniqueKey``, else the address."""
    unique = call.form.get("uniqueKey")
    return call.owner, ("uniqueKey", unique) if unique else ("url", call.form["url"])


def _remarks(address: Address) -> list[str]:
    """What the page only recommends."""
    uid = address.uid
    if address.platform == "agora" and uid and not (uid.isdigit() and 1 <= int(uid) <= UINT32):
        return ["url: the uid should be a number from 1 to 4294967295"]
    if address.platform == "yunxin" and uid and not (uid.isdigit() and len(uid) <= YUNXIN_DIGITS):
        return ["url: the uid should be a number of at most 12 digits"]
    return []
