"""``GenerateIdentifyToken``: what a moderation vendor's recorder needs to enter a ZEGO room.

GET, common parameters in the query, one token for one audit request
(doc-zh.zego.im/live-streaming-server/api-reference/moderation/generate-identify-token).
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, WrapValidator

from earshot import http_client
from earshot.answers import or_none, read
from earshot.errors import OutcomeUnknown
from earshot.platforms.port import Minted, MintRequest
from earshot.platforms.zego import codes
from earshot.platforms.zego.calls import signed
from earshot.platforms.zego.options import ZegoOptions
from earshot.secrets import Keyring

TIMEOUT_S = 5.0


class _Data(BaseModel):
    IdentifyToken: str | None = None
    RemainTime: int | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    Code: int
    Data: Annotated[_Data | None, WrapValidator(or_none)] = None


class ZegoClient:
    """See :class:`earshot.platforms.port.Platform`."""

    def __init__(self, base_url: str, keyring: Keyring, nonce: Callable[[], str]) -> None:
        self._base_url, self._keyring, self._nonce = base_url, keyring, nonce

    def mint(self, request: MintRequest) -> Minted:
        """An IdentifyToken for one audit request, living ``effective_time_s``."""
        app_id, now = request.room.app_id, request.now
        settings = ZegoOptions.model_validate(dict(request.options))
        secret = self._keyring.section("zego", app_id).newest("server_secret")
        params = self._params(app_id, secret, settings, now // 1000)
        answer = self._get(params)
        if answer.Code != 0:
            raise codes.error_for(answer.Code, app_id)
        if answer.Data is None or not answer.Data.IdentifyToken:
            raise OutcomeUnknown("zego_0", "success without IdentifyToken")
        remains_s = settings.effective_time_s if answer.Data.RemainTime is None else answer.Data.RemainTime
        return Minted({"identify_token": answer.Data.IdentifyToken}, now + remains_s * 1000)

    def _params(self, app_id: str, secret: str, settings: ZegoOptions, now_s: int) -> dict[str, str]:
        common = signed(
            "GenerateIdentifyToken",
            app_id,
            secret,
            nonce=self._nonce(),
            now_s=now_s,
            is_test=settings.is_test,
        )
        return common | {"EffectiveTime": str(settings.effective_time_s)}

    def _get(self, params: Mapping[str, str]) -> _Answer:
        answer = http_client.call("GET", f"{self._base_url}/", timeout_s=TIMEOUT_S, params=params)
        return read(answer, _Answer, "zego")


def connect(base_url: Callable[[str], str], keyring: Keyring) -> ZegoClient:
    """The registry's way in; the nonce is 16 hex characters from the system's random source."""
    return ZegoClient(base_url("ZEGO_BASE_URL"), keyring, lambda: secrets.token_hex(8))
