"""One HTTP call: what is known of its outcome, and nothing of its address in the error."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses
from earshot import http_client
from earshot.errors import EarshotError, OutcomeUnknown, RetryLater
from earshot.http_client import MAX_ANSWER_BYTES, Answer, call
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProtocolError

URL = "https://vendor.example.com/api"
SIGNED = {"Signature": "s3cret-signature"}


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def failed(method: str = "POST") -> EarshotError:
    with pytest.raises(EarshotError) as error:
        call(method, URL, timeout_s=1.0, params=SIGNED, body=b'{"accessKey": "s3cret-key"}')
    return error.value


@pytest.mark.parametrize("status", [200, 201, 404, 500])
def test_an_answer_is_its_status_and_its_bytes(web: responses.RequestsMock, status: int) -> None:
    web.post(URL, body=b"\xff raw", status=status)
    assert call("POST", URL, timeout_s=1.0, body=b"{}") == Answer(status, b"\xff raw")


def test_what_is_sent(web: responses.RequestsMock) -> None:
    web.get(URL, body=b"")
    call("GET", URL, timeout_s=2.5, params={"a": "1 &"}, headers={"X": "y"})
    request = web.calls[0].request
    assert request.url == f"{URL}?a=1+%26"
    assert request.headers["X"] == "y"
    assert request.req_kwargs["timeout"] == (http_client.CONNECT_TIMEOUT_S, 2.5)  # type: ignore[attr-defined]


def pool_error(kind: str) -> requests.exceptions.ConnectionError:
    """As requests wraps what urllib3 wraps."""
    pool: Any = None
    refused = NewConnectionError(pool, f"{URL}?s3cret: [Errno 111] Connection refused")
    unresolved = NameResolutionError("vendor.example.com", pool, OSError("no such name"))  # type: ignore[arg-type]
    reason = refused if kind == "refused" else unresolved
    return requests.exceptions.ConnectionError(MaxRetryError(pool, f"/api?{SIGNED}", reason))


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ConnectTimeout(f"{URL}?s3cret"),
        requests.exceptions.InvalidURL(URL),
        pool_error("refused"),
        pool_error("unresolved"),
    ],
    ids=["connect time-out", "no address", "refused", "not resolved"],
)
def test_what_was_certainly_not_sent_may_be_sent_again(web: responses.RequestsMock, error: Exception) -> None:
    web.post(URL, body=error)
    assert type(failed()) is RetryLater


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ReadTimeout(f"{URL}?s3cret"),
        requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104))),
        requests.exceptions.ConnectionError(),
        requests.exceptions.ChunkedEncodingError(f"{URL}?s3cret"),
        requests.exceptions.ContentDecodingError("gzip"),
        requests.exceptions.SSLError(f"{URL}?s3cret"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_may_have_arrived_is_unknown(web: responses.RequestsMock, error: Exception) -> None:
    web.post(URL, body=error)
    assert type(failed()) is OutcomeUnknown


def test_a_redirect_is_an_answer_and_is_not_followed(web: responses.RequestsMock) -> None:
    web.post(URL, status=307, headers={"Location": "https://elsewhere.example.com/"})
    assert call("POST", URL, timeout_s=1.0, body=b"secret").status == 307
    assert len(web.calls) == 1


@pytest.mark.parametrize(("size", "fits"), [(MAX_ANSWER_BYTES, True), (MAX_ANSWER_BYTES + 1, False)])
def test_an_answer_has_an_end(web: responses.RequestsMock, size: int, fits: bool) -> None:
    web.post(URL, body=b"x" * size)
    if fits:
        assert len(call("POST", URL, timeout_s=1.0).body) == size
    else:
        error = failed()
        assert (type(error), error.reason) == (OutcomeUnknown, "answer_too_large")


def test_an_answer_that_breaks_off_is_unknown(web: responses.RequestsMock, monkeypatch: Any) -> None:
    def breaks(*_: object) -> Iterator[bytes]:
        yield b'{"code": 11'
        raise requests.exceptions.ChunkedEncodingError("s3cret")

    web.post(URL, body=b"x")
    monkeypatch.setattr(requests.Response, "iter_content", breaks)
    assert type(failed()) is OutcomeUnknown


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ReadTimeout(f"{URL}?s3cret"),
        requests.exceptions.ConnectTimeout(f"{URL}?s3cret"),
        pool_error("refused"),
        requests.exceptions.InvalidURL(f"{URL}?s3cret"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_error_tells_the_address_the_query_or_the_body(
    web: responses.RequestsMock, error: Exception
) -> None:
    web.post(URL, body=error)
    raised = failed()
    assert not re.search("s3cret|example|https", f"{raised} {raised.detail} {raised.args}")
    assert raised.__cause__ is None
    assert raised.__suppress_context__


def test_proxies_and_netrc_of_the_environment_are_not_used() -> None:
    assert http_client._session().trust_env is False
    assert http_client._session() is http_client._session()
