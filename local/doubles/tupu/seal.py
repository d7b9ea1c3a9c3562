"""The signed envelope of answers and callbacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode

from local.doubles.model import JSON_TYPE, Json, Now, Reply
from local.doubles.tupu.codes import MESSAGES, OK
from local.doubles.tupu.keys import signed, signing_key
from local.doubles.tupu.settings import TupuSettings

FORM_TYPE = "application/x-www-form-urlencoded"
NONCE_DIGITS = 16


class Sealer:
    """Signs with the double's own key."""

    def __init__(self, settings: TupuSettings, entropy: Callable[[int], str]) -> None:
        self._settings, self._entropy = settings, entropy

    def answer(self, code: int, message: str, now: Now, more: Json | None = None) -> Reply:
        """The answer to a call."""
        s = self._settings
        status = 200 if code == OK else s.error_http_status
        if code != OK and s.error_shape == "error":
            return Reply.of({"error": message}, status)
        text = json.dumps(self._head(code, message, now) | (more or {}), ensure_ascii=False)
        return Reply.of(self._enveloped(text, s.answer_signature), status)

    def content(self, results: Json, now: Now) -> str:
        """The text under the signature of a callback, or the whole of a bare one."""
        bare = self._settings.callback_shape != "envelope"
        head = {} if bare else self._head(OK, MESSAGES[OK], now)
        return json.dumps(head | results, ensure_ascii=False)

    def callback(self, text: str, spoil: str) -> tuple[str, str]:
        """Body and content type; ``spoil`` as the setting ``corrupt_how``."""
        signature = {"signature": "broken", "unsigned": "missing"}.get(spoil, "good")
        if self._settings.callback_shape == "bare":
            body, kind = text, JSON_TYPE
        elif self._settings.callback_form:
            body, kind = urlencode(self._enveloped(text, signature)), FORM_TYPE
        else:
            body, kind = json.dumps(self._enveloped(text, signature), ensure_ascii=False), JSON_TYPE
        return (body[: len(body) // 2] if spoil == "body" else body), kind

    def _head(self, code: int, message: str, now: Now) -> Json:
        digits = f"{int(self._entropy(8), 16):020d}"[-NONCE_DIGITS:]
        nonce = f"0.{digits}"
        named = float(nonce) if self._settings.nonce_as == "number" else nonce
        return {"code": code, "message": message, "nonce": named, "timestamp": round(now.wall * 1000)}

    @staticmethod
    def _enveloped(text: str, signature: str) -> Json:
        """A broken signature is one over another text."""
        if signature == "missing":
            return {"json": text}
        over = f"{text} " if signature == "broken" else text
        return {"json": text, "signature": signed(over, signing_key())}
