"""The totals of days, what a watch may still spend, and credentials that nobody used.

A total stands in eight places, each written by an eighth of all rooms, so that rooms that close together do not wait
for each other. 10,000 rooms that are booked once an hour come to 3 transactions a second, one in three seconds in
each place, which takes 500; all 10,000 closing within a minute come to 21 a second in each.
"""

from collections.abc import Mapping
from typing import Any

from earshot.domain.books import MEASURES, Page, Total
from earshot.domain.watch import Status, Watch
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated

NAMES = ("day", "vendor", "app_id", "plan")


class DynamoBooks(OnTable):
    """See :class:`earshot.store.books.Books`."""

    def book(self, watch: Watch, page: Page, now: int) -> bool:
        """Invariant: the mark only moves together with what it stands for, and from where the page begins."""
        mark: dict[str, Any] = {
            "Key": keys.watch(watch.watch_id),
            "UpdateExpression": "SET accrued_until = :until, booked = :booked",
            "ConditionExpression": "attribute_exists(pk) AND "
            + (
                "attribute_not_exists(accrued_until)"
                if watch.accrued_until is None
                else "accrued_until = :was"
            ),
            "ExpressionAttributeValues": codec.values({"until": page.until, "booked": page.booked}),
        }
        if watch.accrued_until is not None:
            mark["ExpressionAttributeValues"] |= codec.values({"was": watch.accrued_until})
        adds = [{"Update": _add(more, watch.watch_id, now)} for more in page.totals]
        try:
            self._transact({"Update": mark}, *adds)
        except ConditionFailed:
            return False
        return True

    def totals(self, day: str) -> list[Total]:
        sums: dict[tuple[str, str, str, str], Total] = {}
        for place in range(keys.PLACES):
            for item in self._query(keys.totals(day, place), keys.TOTAL):
                row = codec.fields(item)
                name = (str(row["day"]), str(row["vendor"]), str(row["app_id"]), str(row["plan"]))
                before = sums.get(name, Total(*name))
                more = {each: round(getattr(before, each) + row.get(each, 0), 3) for each in MEASURES}
                sums[name] = Total(*name, **more)
        return [total for _, total in sorted(sums.items())]

    def set_level(self, watch: Watch, level: int, spend: Mapping[str, Any] | None) -> bool:
        """Invariant: a level is decided on the one before, so that each step is told once."""
        was = "#level = :was" + ("" if watch.level else " OR attribute_not_exists(#level)")
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=keys.watch(watch.watch_id),
                    UpdateExpression="SET #level = :level, spend = :spend",
                    ConditionExpression=f"attribute_exists(pk) AND #status <> :ended AND ({was})",
                    ExpressionAttributeNames={"#level": "level", "#status": "status"},
                    ExpressionAttributeValues=codec.values(
                        {"level": level, "spend": spend, "was": watch.level, "ended": Status.ENDED}
                    ),
                )
        except ConditionFailed:
            return False
        return True

    def drop_credentials(self, watch_id: str) -> int:
        """Invariant: what is being claimed is either claimed or dropped."""
        found = self._query(keys.watch(watch_id), keys.credentials_of(watch_id))
        return sum(self._drop(item) for item in found if "secrets" in item)

    def _drop(self, item: Mapping[str, Any]) -> bool:
        try:
            with translated():
                self._client.delete_item(
                    TableName=self._table,
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    ConditionExpression="attribute_exists(secrets)",
                )
        except ConditionFailed:
            return False
        return True


def _add(more: Total, watch_id: str, now: int) -> dict[str, Any]:
    sums = {each: value for each in MEASURES if (value := getattr(more, each))}
    names = {name: getattr(more, name) for name in NAMES}
    fixed = {"kind": "total", **names, "expires_at": records.ttl(now, records.OPEN_DAYS)}
    assigned = ", ".join(f"#{name} = :{name}" for name in fixed)
    return {
        "Key": keys.total(more.day, keys.place_of(watch_id), *list(names.values())[1:]),
        "UpdateExpression": f"SET {assigned} ADD " + ", ".join(f"#{name} :{name}" for name in sums),
        "ExpressionAttributeNames": {f"#{name}": name for name in (*fixed, *sums)},
        "ExpressionAttributeValues": codec.values({**fixed, **sums}),
    }
