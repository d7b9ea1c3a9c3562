"""The bus, the wake-up call and the starter against clients that answer as AWS documents."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from earshot.errors import RetryLater
from earshot.usecases.bus import MAX_BYTES, Bus
from earshot.usecases.start_watch import StartWatch
from earshot.usecases.wake import Wake

from tests.unit.support.notes import Notes


def refusal(code: str, operation: str = "Call") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "…"}}, operation)


class Events:
    """PutEvents; what is in ``errors`` by call is raised, and details that hold ``bad`` are refused."""

    def __init__(self, errors: dict[int, Exception] | None = None) -> None:
        self.errors, self.calls = errors or {}, list[list[dict[str, str]]]()

    def put_events(self, **request: list[dict[str, str]]) -> dict[str, Any]:
        entries = request["Entries"]
        self.calls.append(entries)
        if error := self.errors.get(len(self.calls)):
            raise error
        answers = [
            {"ErrorCode": "InternalFailure"} if "bad" in entry["Detail"] else {"EventId": "e"}
            for entry in entries
        ]
        return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}


def events(*details: str) -> list[tuple[str, str]]:
    return [("SegmentJudged", detail) for detail in details]


def bus(client: Events) -> Bus:
    return Bus(client, "earshot-bus", "earshot")  # type: ignore[arg-type]


def test_an_entry_says_what_it_is() -> None:
    client = Events()
    assert bus(client)(events("{}")) == []
    assert client.calls == [
        [{"EventBusName": "earshot-bus", "Source": "earshot", "DetailType": "SegmentJudged", "Detail": "{}"}]
    ]


@pytest.mark.parametrize(("count", "calls"), [(1, [1]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])])
def test_ten_entries_go_in_one_call(count: int, calls: list[int]) -> None:
    client = Events()
    bus(client)(events(*("{}" for _ in range(count))))
    assert [len(call) for call in client.calls] == calls


def test_a_call_is_bounded_in_bytes_not_characters() -> None:
    client = Events()
    bus(client)(events(*["字" * 30_000] * 4))
    assert [len(call) for call in client.calls] == [2, 2]


@pytest.mark.parametrize(("spare", "calls"), [(0, [2]), (1, [1, 1])])
def test_a_call_may_be_full_to_the_brim(spare: int, calls: list[int]) -> None:
    client = Events()
    bus(client)(events("x" * (MAX_BYTES - 10), "y" * (10 + spare)))
    assert [len(call) for call in client.calls] == calls


def test_one_large_event_goes_alone() -> None:
    client = Events()
    bus(client)(events("{}", "x" * 220_000, "{}"))
    assert [len(call) for call in client.calls] == [1, 1, 1]


def test_order_is_kept_over_calls() -> None:
    client = Events()
    bus(client)(events(*(str(n) for n in range(23))))
    assert [entry["Detail"] for call in client.calls for entry in call] == [str(n) for n in range(23)]


def test_refused_entries_are_named_by_their_position_over_all_calls() -> None:
    details = [str(n) if n not in {3, 12, 19} else f"bad {n}" for n in range(20)]
    assert bus(Events())(events(*details)) == [3, 12, 19]


@pytest.mark.parametrize(
    "error", [refusal("ThrottlingException"), EndpointConnectionError(endpoint_url="https://events")]
)
def test_a_call_that_failed_refuses_all_of_its_entries_and_the_next_goes_on(error: Exception) -> None:
    client = Events({1: error})
    assert bus(client)(events(*("{}" for _ in range(12)))) == list(range(10))
    assert len(client.calls) == 2


class States:
    """Step Functions."""

    class Exceptions:
        """As boto3 hangs them on a client."""

        class ExecutionAlreadyExists(Exception):
            """The name is taken."""

    exceptions = Exceptions

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.calls = error, list[dict[str, str]]()

    def _call(self, **request: str) -> None:
        self.calls.append(request)
        if self.error:
            raise self.error

    send_task_success = start_execution = _call


def test_a_token_is_handed_back() -> None:
    client = States()
    Wake(client)("token")  # type: ignore[arg-type]
    assert client.calls == [{"taskToken": "token", "output": "{}"}]


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_spent_token_is_no_trouble(code: str) -> None:
    Wake(States(refusal(code)))("token")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        refusal("ThrottlingException"),
        refusal("AccessDeniedException"),
        ReadTimeoutError(endpoint_url="https://states"),
    ],
)
def test_a_delivery_that_may_have_failed_is_repeated_and_names_no_token(error: Exception) -> None:
    with pytest.raises(RetryLater, match="not_woken") as raised:
        Wake(States(error))("secret-token")  # type: ignore[arg-type]
    assert "secret-token" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_an_execution_is_named_after_its_watch_and_knows_no_secret(notes: Notes) -> None:
    client = States()
    start = StartWatch(client, "arn:aws:states:machine")  # type: ignore[arg-type]
    assert start("s" * 26 + "-primary", look_s=60) is True
    assert notes.codes == ["ES101"]
    (request,) = client.calls
    assert (request["stateMachineArn"], request["name"]) == ("arn:aws:states:machine", "s" * 26 + "-primary")
    assert json.loads(request["input"]) == {
        "watch_id": "s" * 26 + "-primary",
        "key": {"pk": "SESSION#" + "s" * 26, "sk": f"WATCH#{'s' * 26}-primary"},
        "next": "mint",
        "wait_s": 0,
        "look_s": 60,
        "beat_s": 59,
        "vendor": "",
        "slot": 0,
        "driver": "0",
        "generation": 0,
        "round": 0,
        "release": False,
        "number": 0,
        "error": {"Error": "", "Cause": ""},
    }


def test_a_late_chore_has_a_name_of_its_own() -> None:
    client = States()
    StartWatch(client, "arn")("w", look_s=60, begin="finish", suffix="-late-2")  # type: ignore[arg-type]
    assert client.calls[0]["name"] == "w-late-2"
    assert json.loads(client.calls[0]["input"])["next"] == "finish"


def test_a_name_that_is_taken_has_been_started() -> None:
    client = States(States.exceptions.ExecutionAlreadyExists())
    assert StartWatch(client, "arn")("w", look_s=60) is False  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        refusal("ThrottlingException"),
        refusal("ExecutionLimitExceeded"),
        ReadTimeoutError(endpoint_url="https://states"),
    ],
)
def test_a_start_that_may_work_later_is_for_later(error: Exception) -> None:
    """The relay takes any other error for one that never passes, and buries the verdict that came with it."""
    with pytest.raises(RetryLater):
        StartWatch(States(error), "arn")("w", look_s=60)  # type: ignore[arg-type]
