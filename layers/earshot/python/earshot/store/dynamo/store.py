"""The whole store."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from earshot.store.dynamo.attendances import DynamoAttendances
from earshot.store.dynamo.books import DynamoBooks
from earshot.store.dynamo.circuits import DynamoCircuits
from earshot.store.dynamo.live_watches import DynamoLiveWatches
from earshot.store.dynamo.queues import DynamoQueues
from earshot.store.dynamo.reservations import DynamoReservations
from earshot.store.dynamo.rooms import DynamoRooms
from earshot.store.dynamo.segments import DynamoInbox, DynamoSegments
from earshot.store.dynamo.tasks import DynamoTasks
from earshot.store.dynamo.watches import DynamoWatches

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoStore(
    DynamoRooms,
    DynamoAttendances,
    DynamoWatches,
    DynamoLiveWatches,
    DynamoTasks,
    DynamoBooks,
    DynamoInbox,
    DynamoSegments,
    DynamoQueues,
    DynamoCircuits,
    DynamoReservations,
):
    """See :class:`earshot.store.port.Store`."""

    def __init__(self, client: "DynamoDBClient", table: str, now: Callable[[], int]) -> None:
        super().__init__(client, table)
        self._now = now
