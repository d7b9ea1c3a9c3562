"""The signature V4 of content security: A1 to A3 are what Volcengine's own Python SDK (package ``volcengine``
1.0.229) makes of these requests with the clock pinned."""

import hashlib

import pytest
from earshot.signing import volcengine_v4 as v4

from tests.unit.volcengine_vendor.volcengine_calls import KEY, NOW

ACCESS = v4.AccessKey(KEY["access_key_id"], KEY["secret_access_key"])
HOST = "https://riskcontrol.volcengineapi.com/"
SIGNED, SIGNED_POST = "host;x-content-sha256;x-date", "content-type;host;x-content-sha256;x-date"
A1_BODY = (
    '{"AppId":12345,"Service":"audio_live_risk","Parameters":"{\\"operate_time\\":1767323045,'
    '\\"account_id\\":\\"u1\\",\\"data_id\\":\\"room-1-audio\\",\\"biztype\\":\\"live\\",'
    '\\"url\\":\\"rtmp://example.invalid/app/s\\"}"}'
)
A3_BODY = '{"AppId":12345,"Service":"audio_live_risk","DataId":"room-1-audio"}'
ASKED = {"AppId": "12345", "Service": "audio_live_risk", "DataId": "room-1-audio"}
VECTORS = [
    (
        "POST",
        {"Action": "AsyncLiveAudioRisk"},
        A1_BODY,
        "518254c4abf1c3f5e3047b9b5d70c6745fe6dc92c92376bd7245ad43c5377db0",
        "348a002ed5be0ddf007fffc9bcd45d07ea71a0a5306394d74ba16b9e1fc449ef",
        "47e5b3720e9b346fb5a4a0aafaa28db2c3432ff9cbb5dba1a3be5d9896353ddf",
    ),
    (
        "GET",
        {"Action": "GetAudioLiveResult", **ASKED},
        "",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "95df31ae04a537b73c328f8eefdd6e2a061d22b1022401e6b04ef5682ba177f4",
        "3441588430dbe78841ed076fcd10aac961d82063412c129a4f74b7ffff63f32f",
    ),
    (
        "POST",
        {"Action": "CloseAudioLive"},
        A3_BODY,
        "5fd5feeb22b7384731ee4fe25705706c17c5e9b81689c97cac8b96dd5826f0ea",
        "d37a232cfdc110b9620350ad2a7b813da96a967e44b440f53ffa02eb37bdea91",
        "d408d250340e417f0e85b7159dbeff932553bb3c4f396fa6a0b1600e5f8dd2b7",
    ),
]


@pytest.mark.parametrize(
    ("method", "asked", "body", "hashed", "canonical", "signature"), VECTORS, ids=["A1", "A2", "A3"]
)
def test_the_sdks_signatures(
    method: str, asked: dict[str, str], body: str, hashed: str, canonical: str, signature: str
) -> None:
    url = f"{HOST}?{v4.query({'Version': '2022-04-25', **asked})}"
    kind = "application/json" if body else None
    sent = v4.headers(method, url, body.encode(), ACCESS, NOW, service="BusinessSecurity", content_type=kind)
    authorization = sent.pop("Authorization")
    assert (sent["X-Date"], sent["X-Content-Sha256"]) == ("20260102T030405Z", hashed)
    assert hashlib.sha256(v4.canonical(method, url, sent).encode()).hexdigest() == canonical
    names = SIGNED_POST if body else SIGNED
    assert authorization == (
        "HMAC-SHA256 Credential=AKTESTEXAMPLE0001/20260102/cn-north-1/BusinessSecurity/request, "
        f"SignedHeaders={names}, Signature={signature}"
    )


def test_a_region_may_be_said() -> None:
    sent = v4.headers("GET", HOST, b"", ACCESS, NOW, service="x", region="ap-singapore-1")
    assert "/ap-singapore-1/x/request," in sent["Authorization"]
