"""What the webhook must know of a body: its name, and whether it is a hit."""

import json
from typing import Any

import pytest
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei.door import identify
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.support import pushes
from tests.unit.support.makers import TASK_ID
from tests.unit.support.samples import SEED_CALLBACK


def key(**fields: Any) -> str:
    message = {"code": 1100, "message": "成功", "requestId": "t_1", **fields}
    return identify(pushes.encode({name: value for name, value in message.items() if value is not ...})).key


def test_the_name_is_the_segments_id() -> None:
    assert identify(pushes.segment()).key == f"{TASK_ID}_stream-7_3"
    assert key(requestId=" t_1 ") == "t_1", "the vendor's leading blank"
    assert key(statCode=0) == key(statCode=None) == key() == "t_1"


def test_ends_and_troubles_have_names_of_their_own() -> None:
    names = [key(), key(statCode=1), key(code=1904), key(code=1903), key(code=1904, statCode=1)]
    assert names == ["t_1", "t_1#stat1", "t_1#code1904", "t_1#code1903", "t_1#stat1#code1904"]


@pytest.mark.parametrize("value", ["1100", 1100.0])
def test_a_code_in_another_type_is_the_same_code(value: Any) -> None:
    assert key(code=value, statCode="0") == "t_1"


@pytest.mark.parametrize(
    ("body", "is_hit"),
    [
        (pushes.segment(), True),
        (pushes.segment(riskLevel="REVIEW"), True),
        (pushes.segment(riskLevel="PASS"), False),
        (pushes.silence(), False),
        (pushes.segment(riskLevel=...), True),
        (pushes.segment(riskLevel="pass"), True),
        (pushes.end(), True),
        (pushes.segment(riskLevel="PASS", code=1904), True),
        (pushes.segment(riskLevel="PASS", statCode=1), True),
    ],
)
def test_only_a_plain_pass_is_no_hit(body: bytes, is_hit: bool) -> None:
    assert identify(body).is_hit is is_hit


MALFORMED: list[tuple[bytes, str]] = [
    (SEED_CALLBACK, "body: is not JSON (line"),
    (b"", "body: is not JSON"),
    (b"{", "body: is not JSON"),
    (b"<html>", "body: is not JSON"),
    (b"code=1100&requestId=t_1", "body: is not JSON"),
    (b"\xff\xfe\xfd", "body: is not JSON (UTF-8)"),
    ('{"code": 1100, "requestId": "字'.encode()[:-1], "body: is not JSON (UTF-8)"),
    (b"null", "body: is not a JSON object"),
    (b"[]", "body: is not a JSON object"),
    (b"1100", "body: is not a JSON object"),
    (b'"t_1"', "body: is not a JSON object"),
    (b"[" * 200_000, "body: nested too deeply"),
    (b'{"a":' * 200_000, "body: nested too deeply"),
    (b"{}", "requestId: is missing"),
    (b'{"code": 1100}', "requestId: is missing"),
    (b'{"code": 1100, "requestId": null}', "requestId: is missing"),
    (b'{"code": 1100, "requestId": " "}', "requestId: is missing"),
    (b'{"code": 1100, "requestId": 7}', "requestId: is missing"),
    (b'{"code": 1100, "requestId": ["t_1"]}', "requestId: is missing"),
    (b'{"code": 1100, "requestId": "t\\u0000_1"}', "requestId: holds characters"),
    (b'{"code": 1100, "requestId": "t_\\ud800"}', "requestId: holds characters"),
    (b'{"requestId": "t_1"}', "code: is missing"),
    (b'{"requestId": "t_1", "code": null}', "code: is missing"),
    (b'{"requestId": "t_1", "code": "ok"}', "code: is missing or not a number"),
    (b'{"requestId": "t_1", "code": {}}', "code: is missing or not a number"),
    (b'{"requestId": "t_1", "code": NaN}', "code: is missing or not a number"),
    (b'{"requestId": "t_1", "code": Infinity}', "code: is missing or not a number"),
    (b'{"requestId": "t_1", "code": 1e999}', "code: is missing or not a number"),
    (b'{"requestId": "t_1", "code": 1100, "statCode": "over"}', "statCode: is missing or not a number"),
    (b'{"requestId": "t_1", "code": 1100, "statCode": -1e999}', "statCode: is missing or not a number"),
    (b'{"requestId": "t_1", "code": ' + b"9" * 5_000 + b"}", ""),
]


@pytest.mark.parametrize(("body", "problem"), MALFORMED, ids=[repr(body[:40]) for body, _ in MALFORMED])
def test_every_malformed_body_says_what_is_wrong_and_never_quotes_it(body: bytes, problem: str) -> None:
    with pytest.raises(Unreadable) as raised:
        identify(body)
    assert str(raised.value).startswith(problem)


def test_the_vendors_own_sample_is_not_json() -> None:
    """Trailing commas: kept here as it stands on the page, so that nobody believes that it parses."""
    with pytest.raises(json.JSONDecodeError):
        json.loads(SEED_CALLBACK)


json_value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)
field_names = st.sampled_from(["code", "requestId", "statCode", "riskLevel", "detail", "auxInfo", "message"])
messages = st.dictionaries(field_names, json_value, max_size=7)


@given(st.one_of(st.binary(), messages.map(lambda message: json.dumps(message).encode())))
@example(b'{"requestId": "t_1", "code": 1e999}')
def test_whatever_comes_the_door_names_it_or_calls_it_unreadable(body: bytes) -> None:
    try:
        delivery = identify(body)
    except Unreadable:
        return
    assert delivery.key.strip() == delivery.key != ""
