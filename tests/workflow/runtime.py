"""What the Lambda runtime and service do to a function that fails."""

import base64
import json
import traceback
from io import StringIO
from typing import Any

STATES = {
    "mint_credential": "Mint",
    "submit_stream": "Submit",
    "advise_watch": "Advise",
    "finish_stream": "Finish",
    "close_watch": "Close",
}


class Crash(BaseException):
    """Lambda was killed: nothing catches it, no effect after this point."""


class Refusal(Exception):
    """The Lambda service did not run the function; ``name`` is the error as the machine sees it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Bug(Exception):
    """An error that nobody foresaw."""


def state_of(function: str, payload: Any) -> str:
    """The state that calls: two states share a function each."""
    if function == "finish_stream" and payload["release"]:
        return "Release"
    if function == "close_watch" and payload["abandoned"]:
        return "Abandon"
    return STATES.get(function, function)


def answer_to(error: BaseException, output: StringIO) -> dict[str, Any]:
    """The payload of a failed call; what the runtime prints goes to the function's log.

    The whole chain of causes is printed, which is more than the runtime does: nothing may hide in it.
    """
    if isinstance(error, Refusal):
        return {"errorType": error.name, "errorMessage": "not run"}
    if isinstance(error, Crash):
        return {"errorType": "Runtime.ExitError", "errorMessage": "Error: Runtime exited"}
    print("[ERROR]", *traceback.format_exception(error), file=output)
    trace = [line for line in traceback.format_tb(error.__traceback__) if "/tests/" not in line]
    return {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": trace}


def logged(output: StringIO) -> list[dict[str, Any]]:
    """The structured lines of a log."""
    lines = [line for line in output.getvalue().splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines]


def as_lambda_sees(record: Any) -> dict[str, Any]:
    """A record of moto's table as the stream delivers it."""

    def plain(value: Any) -> Any:
        return base64.b64encode(value).decode() if isinstance(value, bytes) else value

    images = {
        name: {key: {k: plain(v) for k, v in attribute.items()} for key, attribute in image.items()}
        for name, image in record["dynamodb"].items()
        if name.endswith("Image")
    }
    sequence = str(record["dynamodb"]["SequenceNumber"])
    return {"eventName": record["eventName"], "dynamodb": {**images, "SequenceNumber": sequence}}
