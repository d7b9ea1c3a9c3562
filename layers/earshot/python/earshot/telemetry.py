"""Structured logs and embedded metrics, made in one place.

Only ids, codes and counts may be passed: tokens, secrets, audio text and callback addresses never.
"""

from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from earshot.log_codes import LogCode

_logger = Logger()


def note(code: LogCode, **fields: Any) -> None:
    """Log ``code`` with its fields; from WARNING up it also counts as a metric named after the code."""
    say = {20: _logger.info, 30: _logger.warning, 40: _logger.error}[code.level]
    say(code.text, extra={"code": code.name, **fields}, stacklevel=3)
    if code.level >= 30:
        count(code.name)


def count(name: str, value: float = 1) -> None:
    """One embedded metric (no API call: it is a log line that CloudWatch reads)."""
    with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace="Earshot"):
        return
