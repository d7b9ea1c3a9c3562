"""One HTTP session for vendor and platform calls, with explicit time-outs and no surprises.

No redirects (an answer must not send our credentials elsewhere), no environment proxies or netrc, bounded
answers. Errors say what is known of the outcome and never carry the address, whose query may be signed.
"""

import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import NewConnectionError

from earshot.errors import OutcomeUnknown, RetryLater


def _without_guessing() -> Any:
    """``requests`` without what guesses the encoding of a text, which it can do without and warns of: our answers are
    read as bytes, and importing the guesser is a twentieth of a cold start."""
    known: Any = sys.modules
    hidden = [name for name in ("chardet", "charset_normalizer") if name not in known]
    known |= dict.fromkeys(hidden)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import requests as found  # noqa: PLC0415

            return found
    finally:
        for name in hidden:
            del known[name]


if TYPE_CHECKING:
    import requests
else:
    requests = _without_guessing()

MAX_ANSWER_BYTES = 1_000_000
CONNECT_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Answer:
    """Status and raw body of an answer."""

    status: int
    body: bytes


@cache
def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def call(
    method: str,
    url: str,
    *,
    timeout_s: float,
    params: Mapping[str, str] | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> Answer:
    """Send one request; an answer of more than ``max_bytes`` is not read to its end.

    Raises :class:`RetryLater` if it certainly did not arrive, :class:`OutcomeUnknown` if it may have.
    """
    kwargs: dict[str, Any] = {"params": params, "data": body, "headers": dict(headers or {})}
    try:
        with _session().request(
            method, url, timeout=(CONNECT_TIMEOUT_S, timeout_s), allow_redirects=False, stream=True, **kwargs
        ) as response:
            return Answer(response.status_code, _bounded(response, max_bytes))
    except (requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL) as error:
        raise RetryLater("not_connected", type(error).__name__) from None
    except requests.exceptions.RequestException as error:
        if _never_sent(error):
            raise RetryLater("not_connected", "refused or not resolved") from None
        raise OutcomeUnknown("no_answer", type(error).__name__) from None


def _bounded(response: requests.Response, max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(65_536):
        body += chunk
        if len(body) > max_bytes:
            raise OutcomeUnknown("answer_too_large", f"more than {max_bytes} bytes")
    return bytes(body)


def _never_sent(error: requests.exceptions.RequestException) -> bool:
    """No connection was made: refused, or the name did not resolve."""
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)
