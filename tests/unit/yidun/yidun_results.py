"""Yidun's results and pushes: constructed examples, to be varied."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from earshot.domain.verdict import Description, Verdict
from earshot.secrets import Section
from earshot.vendors.port import Delivery
from earshot.vendors.yidun.door import identify, take
from earshot.vendors.yidun.reader import read
from hypothesis import strategies as st

from tests.unit.support.samples import load

TASK_ID = "0123456789abcdef0123456789abcdef"
START, END = 1_700_000_120_000, 1_700_000_127_400
STRETCH = {"startTime": START, "endTime": END}
SECRETS: dict[str, Any] = {"secret_id": "a" * 32, "secret_key": "c" * 32, "business_id": "b" * 32}
SHEET_DATA = (
    '{"antispam":{"taskId":"0123456789abcdef0123456789abcdef","dataId":"room-42:0007",'
    '"callback":"{\\"room\\":\\"room-42\\"}","censorSource":2,"status":2,"evidences":{"suggestion":2,'
    '"startTime":120000,"endTime":130000,"content":"示例","speakerId":"u_1001","segmentId":"seg-0012",'
    '"labels":[{"label":600,"level":2,"rate":0.97,"subLabels":[{"subLabel":"600018","rate":0.97,'
    '"details":{"keywords":[{"word":"示例"}]}}]}]}}}'
)
SHEET_MD5 = "cda8c9b7636efff4c392f1f4075c175b"
SHEET_SHA256 = "80f59bff66c63e714a8b800df076a1b0ccc3c170e059159f16f7db954cbe6389"
SUB_LABELS = [{"subLabel": "600018", "rate": 0.97, "details": {"keywords": [{"word": "<word>"}]}}]
LABELS = [{"label": 600, "level": 2, "rate": 0.97, "subLabels": SUB_LABELS}]
EVIDENCES: dict[str, Any] = {
    "suggestion": 2,
    "label": 600,
    **STRETCH,
    "content": "<recognised text>",
    "speakerId": "u_1001",
    "segmentId": "seg-0012",
    "url": "https://cdn.example.net/s/12.mp3",
    "labels": LABELS,
}
REVIEW: dict[str, Any] = {
    "action": 2,
    "actionTime": 1_700_000_200_000,
    "spamType": 116,
    "spamDetail": "…",
    "warnCount": 1,
    "promptCount": 0,
    "speakerId": "u_1001",
    "censorAccount": "rv-9",
    "segments": [STRETCH],
}
SEEN: dict[str, Any] = {
    "suggestion": 1,
    "type": 1,
    "url": "https://cdn.example.net/p/24.jpg",
    "beginTime": START,
    "endTime": END,
    "speakerId": "u_1001",
    "pictureId": "pic-24",
}


def without(value: Any) -> Any:
    """``...`` leaves a field out."""
    if isinstance(value, dict):
        return {name: without(inner) for name, inner in value.items() if inner is not ...}
    return [without(inner) for inner in value] if isinstance(value, list) else value


def encode(item: Any) -> bytes:
    """Anything that Python can make JSON of."""
    return json.dumps(without(item)).encode()


def antispam(**fields: Any) -> dict[str, Any]:
    return {
        "antispam": {"taskId": TASK_ID, "dataId": "room-42:0007", "censorSource": 2, "status": 2, **fields}
    }


def hit(**evidence: Any) -> bytes:
    return encode(antispam(evidences={**EVIDENCES, **evidence}))


def review(source: Any = 0, **fields: Any) -> bytes:
    return encode(antispam(censorSource=source, reviewEvidences={**REVIEW, **fields}))


def picture(labels: Any = (), **seen: Any) -> bytes:
    video = {"evidence": {**SEEN, **seen}, "labels": list(labels)}
    return encode(antispam(evidences={"video": video}))


def end(**fields: Any) -> bytes:
    return encode(antispam(**fields))


def beside(name: str, **fields: Any) -> bytes:
    """A block that is no verdict."""
    block = {"taskId": TASK_ID, **STRETCH, "speakerId": "u_1001", **fields}
    return encode({name: block})


def sample(name: str) -> bytes:
    """One of ``events/vendors/yidun``."""
    return json.dumps(load("vendors", "yidun", f"{name}.json"), ensure_ascii=False).encode()


def verdict(body: bytes, **options: Any) -> Verdict:
    (found,) = read(body, options)
    assert isinstance(found, Verdict)
    return found


def key(body: bytes) -> str:
    return identify(body).key


def sign(fields: dict[str, str], secret_key: str = "c" * 32, algorithm: str = "md5") -> str:
    text = "".join(name + fields[name] for name in sorted(fields))
    return hashlib.new(algorithm, (text + secret_key).encode()).hexdigest()


def form(data: str, **fields: str) -> dict[str, str]:
    """The fields of a push, not yet signed."""
    return {"secretId": "a" * 32, "businessId": "b" * 32, **fields, "callbackData": data}


def signed(fields: dict[str, str], secret_key: str = "c" * 32, algorithm: str = "md5") -> bytes:
    return urlencode({**fields, "signature": sign(fields, secret_key, algorithm)}).encode()


def push(body: bytes, secrets: dict[str, Any] | None = None) -> Delivery:
    return take(body, {}, lambda: Section("yidun", SECRETS if secrets is None else secrets))


def names(bodies: Sequence[bytes]) -> int:
    """How many different ones."""
    return len({key(body) for body in bodies})


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=9)
    | st.sampled_from(
        [0, 1, 2, 3, "2", 10**400, 10**25, 1e308, "1e400", "NaN", "\ud800", "x" * 300, "a#b&c", " "]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = {
    "antispam": ("taskId", "dataId", "status", "failureReason", "finishType", "censorSource", "duration"),
    "evidences": tuple(EVIDENCES),
    "labels": ("label", "level", "rate", "subLabels", "subLabel", "subLabelDepth"),
    "reviewEvidences": (*REVIEW, "label", "pictures", "censorLabels"),
    "beside": ("taskId", "dataId", "startTime", "speakerId", "segmentId", "content", "details", "underage"),
}


def _odd(group: str, base: dict[str, Any]) -> st.SearchStrategy[Any]:
    wrong = st.dictionaries(st.sampled_from(FIELDS[group]), ANY, max_size=3)
    return wrong.map(lambda odd: {**base, **odd}) | ANY


_evidences = _odd("evidences", EVIDENCES) | st.builds(
    lambda label, rest: {**EVIDENCES, "labels": [label, rest]}, _odd("labels", LABELS[0]), ANY
)
_antispam = st.builds(
    lambda top, evidences, human: {**top, **evidences, **human} if isinstance(top, dict) else top,
    _odd("antispam", antispam()["antispam"]),
    st.just({}) | st.fixed_dictionaries({"evidences": _evidences}),
    st.just({}) | st.fixed_dictionaries({"reviewEvidences": _odd("reviewEvidences", REVIEW)}),
)
ITEMS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "antispam": _antispam,
        **{
            name: _odd("beside", {"taskId": TASK_ID})
            for name in ("asr", "language", "voice", "quality", "ocr")
        },
    },
)
"""Results with something odd in them."""


def described(**fields: Any) -> Description:
    return Description(TASK_ID, START, END, "u_1001", **fields)
