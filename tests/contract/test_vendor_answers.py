"""What any vendor's client makes of calls that fail and of answers that nobody documents."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from earshot import http_client
from earshot.errors import EarshotError, OutcomeUnknown, RetryLater
from earshot.http_client import Answer
from earshot.platforms.registry import PLATFORMS
from earshot.vendors import registry
from earshot.vendors.port import Accepted, Client, Ending
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.vendor_rooms import settings, submission
from tests.contract.vendor_samples import GARBAGE, VENDORS

STATUSES = (200, 204, 301, 302, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503)
NONSENSE = [body for body in GARBAGE if b"1100" not in body.replace(b"\0", b"")]
"""Without what some vendor may take for its own word for success."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
HEARD = [
    pytest.param(name, options, platform, id=f"{name}-{json.dumps(options)[:30]}-{platform}")
    for name in registry.names()
    for options in VENDORS[name].options[:3]
    for platform in [
        next(
            one
            for one in PLATFORMS
            if registry.hears(name, one, registry.check_options(name, "room_mixed", options))
        )
    ]
]
over_all = pytest.mark.parametrize(("name", "options", "platform"), HEARD)


def client(name: str) -> Client:
    return registry.client(name, lambda _: "https://vendor.example.com", settings())


def submitted(name: str, options: dict[str, Any], platform: str, *answers: Answer | Exception) -> Accepted:
    """The last answer is that of every further call."""
    left = list(answers)

    def call(*_: Any, **__: Any) -> Answer:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    with patch.object(http_client, "call", call):
        return client(name).submit(submission(name, options, platform))


def finished(name: str, options: dict[str, Any], answer: Answer | Exception) -> list[EarshotError | None]:
    def call(*_: Any, **__: Any) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return answer

    checked = registry.check_options(name, "room_mixed", options)
    vendor = client(name)
    ending = Ending(_task_id(name), vendor.endpoint(checked), checked)
    with patch.object(http_client, "call", call):
        return vendor.finish([ending])


def _task_id(name: str) -> str:
    return VENDORS[name].task_id


@over_all
def test_a_lost_answer_to_a_submission_is_unknown(name: str, options: dict[str, Any], platform: str) -> None:
    with pytest.raises(OutcomeUnknown):
        submitted(name, options, platform, OutcomeUnknown("read_timeout"))


@over_all
def test_a_vendor_that_was_never_reached_is_tried_again(
    name: str, options: dict[str, Any], platform: str
) -> None:
    with pytest.raises(RetryLater):
        submitted(name, options, platform, RetryLater("connect_failed"))


@over_all
@pytest.mark.parametrize("body", NONSENSE, ids=lambda body: repr(body[:24]))
def test_garbage_accepts_nothing_and_is_an_error_of_ours(
    name: str, options: dict[str, Any], platform: str, body: bytes
) -> None:
    for status in STATUSES:
        with pytest.raises(EarshotError) as raised:
            submitted(name, options, platform, Answer(status, body))
        assert len(str(raised.value)) < 300, "a reason is logged: it must not carry the answer"


@over_all
@pytest.mark.parametrize("body", NONSENSE, ids=lambda body: repr(body[:24]))
def test_garbage_acknowledges_no_end(name: str, options: dict[str, Any], platform: str, body: bytes) -> None:
    for status in STATUSES:
        try:
            outcome = finished(name, options, Answer(status, body))
        except EarshotError:
            continue
        assert all(isinstance(error, EarshotError) for error in outcome)


@over_all
def test_any_json_is_an_acceptance_or_an_error_of_ours(
    name: str, options: dict[str, Any], platform: str
) -> None:
    @given(JSON, st.sampled_from(STATUSES))
    def check(answer: Any, status: int) -> None:
        try:
            accepted = submitted(name, options, platform, Answer(status, json.dumps(answer).encode()))
        except EarshotError:
            return
        assert accepted.vendor_task_id

    check()


@over_all
def test_a_finish_that_cannot_be_made_is_made_again(
    name: str, options: dict[str, Any], platform: str
) -> None:
    for failure in (OutcomeUnknown("read_timeout"), RetryLater("connect_failed")):
        try:
            (error,) = finished(name, options, failure)
        except (RetryLater, OutcomeUnknown):
            continue
        assert isinstance(error, RetryLater | OutcomeUnknown)
