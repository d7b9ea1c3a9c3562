"""Room events from the bus: claim the session, start or signal its watches."""

import json
from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.errors import BadInput
from earshot.log_codes import LogCode
from earshot.settings import require
from earshot.telemetry import note
from earshot.usecases.track_room import TrackRoom

track = TrackRoom(wiring.store(), wiring.starter(), wiring.plan_reader(), now_ms)
dead_letters: Any = wiring.Later(lambda: wiring.client("sqs"))  # few events can never work
DEAD_LETTER_QUEUE = require("DEAD_LETTER_QUEUE_URL")


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """An event that can never work goes to the dead-letter queue at once, with the field named; any other
    failure is raised, repeated by Lambda and dead-lettered by its on-failure destination."""
    try:
        return {"move": track(event)}
    except BadInput as error:
        note(LogCode.ES104, field=error.field, event_id=event.get("id"))
        problem = {"error": {"field": error.field, "message": error.detail}, "event": event}
        dead_letters.send_message(QueueUrl=DEAD_LETTER_QUEUE, MessageBody=json.dumps(problem))
        return {"move": "dead_lettered", "field": error.field}


wiring.ready()
