"""Forms that Yidun itself sends, and how it reads the answers."""

from __future__ import annotations

import json

from local.doubles.accounts import Accounts
from local.doubles.yidun.codes import AUDIO
from local.doubles.yidun.form import encode
from local.doubles.yidun.gate import Owner
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.signing import SIGNATURE, signature
from local.doubles.yidun.task import Task

HTTP_OK = CODE_OK = 200


class Sealer:
    """Signs with the newest key."""

    def __init__(self, accounts: Accounts, settings: YidunSettings) -> None:
        self._accounts, self._settings = accounts, settings

    def push(self, task: Task, data: str, spoil: bool) -> str:
        """``secretId``, ``businessId`` (absent for the solution), ``callbackData``."""
        form = self.ids(task.owner) | {"callbackData": data}
        return self.seal(form, task.owner, spoil=spoil)

    def ids(self, owner: Owner) -> dict[str, str]:
        """Whose it is."""
        business = self._accounts.secret("yidun", owner.secret_id, "business_id")
        more = {"businessId": business[0]} if owner.product == AUDIO and business else {}
        return {"secretId": owner.secret_id} | more

    def seal(self, form: dict[str, str], owner: Owner, name: str = SIGNATURE, spoil: bool = False) -> str:
        """A form with its signature over all other fields; ``name``: how the signature is called."""
        method = self._settings.signature_method
        form = form | ({"signatureMethod": method} if method else {})
        key = self._accounts.secret("yidun", owner.secret_id, "secret_key")[0]
        made = signature(form, f"not-{key}" if spoil else key, method, name)
        return encode(form | ({name: made} if name else {}))


def corrupted(form: str, how: str) -> str:
    """What else than a wrong signature may be wrong with a form."""
    if how == "unsigned":
        return "&".join(pair for pair in form.split("&") if not pair.startswith(f"{SIGNATURE}="))
    return form[: len(form) // 2] if how == "body" else form


def acknowledged(status: int | None, body: str, strict: bool) -> bool:
    """HTTP 200 (page "主动回调说明"), and code 200 where the answer says one (newer pages)."""
    if status != HTTP_OK:
        return False
    try:
        answer = json.loads(body)
    except ValueError:
        return not strict
    if not isinstance(answer, dict) or "code" not in answer:
        return not strict
    return bool(answer["code"] == CODE_OK)
