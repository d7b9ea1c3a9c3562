"""An alarm over metric math can be deployed.

AWS: ``Metrics`` with expressions is an ordinary alarm.
Bare emulator: the stack rolls back. Alarms never ring here either way, so the alarm is kept by its first metric.
"""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners


def _plain(props: dict[str, Any]) -> dict[str, Any]:
    """The properties with the first plain metric in place of the expression."""
    stat = next(query["MetricStat"] for query in props["Metrics"] if "MetricStat" in query)
    rest = {name: value for name, value in props.items() if name != "Metrics"}
    return {**stat["Metric"], "Period": stat["Period"], "Statistic": stat["Stat"], **rest}


def apply() -> None:
    """Put a plain metric where the bare record refuses."""
    bare = provisioners._cw_metric_alarm_record

    def record(name: str, props: dict[str, Any]) -> Any:
        return bare(name, _plain(props) if props.get("Metrics") else props)

    provisioners._cw_metric_alarm_record = record
