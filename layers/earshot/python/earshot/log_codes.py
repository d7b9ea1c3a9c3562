"""One stable code per log message. Alarms and the runbook cite the code; the wording may change."""

import logging
from enum import Enum


class LogCode(Enum):
    """Level and text of each message. The first digit groups them: 1 rooms, 2 lifecycle, 3 callbacks, 4 relay,
    5 everywhere, 6 room webhooks and reconciliation, 7 what nobody looked after, 8 money."""

    ES101 = (logging.INFO, "Session claimed, execution started")
    ES102 = (logging.INFO, "Room event changed nothing: repeated, stale or already closed")
    ES103 = (logging.INFO, "Session closed, its watches signalled")
    ES104 = (logging.ERROR, "Room event refused and dead-lettered")
    ES105 = (logging.WARNING, "Room reopened under a new session while the old one was open")
    ES106 = (logging.ERROR, "Moderation plan is wrong: the last good one stays in use")
    ES201 = (logging.INFO, "Credential minted")
    ES202 = (logging.INFO, "Task accepted by the vendor")
    ES203 = (logging.WARNING, "Task adopted: the vendor was already running it")
    ES204 = (logging.WARNING, "Submission outcome unknown: the task is owned and will be looked for")
    ES205 = (logging.ERROR, "Step failed for good")
    ES206 = (logging.WARNING, "Step failed, to be tried again")
    ES207 = (logging.INFO, "Next step chosen")
    ES208 = (logging.INFO, "Task finished at the vendor")
    ES209 = (logging.WARNING, "Finish not acknowledged, to be tried again")
    ES210 = (logging.INFO, "Watch closed")
    ES211 = (logging.ERROR, "Watch closed with a task that the vendor has not acknowledged")
    ES212 = (logging.INFO, "An ear is to be replaced before its credential ends")
    ES214 = (logging.WARNING, "An attribute was left out of a submission: it breaks the vendor's rule")
    ES215 = (logging.INFO, "A fresh credential was handed to the vendor's recorder")
    ES216 = (logging.WARNING, "Somebody asked for a credential and was refused")
    ES217 = (logging.ERROR, "A finished task still listens: it is finished again")
    ES218 = (logging.WARNING, "The vendor could not be asked about a finished task: it is asked again")
    ES219 = (logging.INFO, "A finished task was looked at")
    ES221 = (logging.INFO, "A credential has to wait: for its turn at the platform, or for a vendor")
    ES222 = (logging.WARNING, "A room waits: its vendor has no room for another stream")
    ES223 = (logging.INFO, "An ear was asked after: it still listens")
    ES224 = (logging.INFO, "The vendor takes the new ear for the old one: that is finished first")
    ES225 = (logging.WARNING, "A silent ear was given up: another listens in its place")
    ES226 = (logging.INFO, "An execution stepped aside: another drives the watch")
    ES227 = (logging.INFO, "The watch was handed over to its next execution")
    ES231 = (logging.INFO, "A caller came too late for its slot: it gets another")
    ES232 = (logging.INFO, "A stream is free: a room that waits for one was told")
    ES241 = (logging.ERROR, "Circuit opened: no room is sent to this vendor for now")
    ES242 = (logging.INFO, "Circuit closed: the vendor takes submissions again")
    ES243 = (logging.WARNING, "A room goes to another vendor than its plan's first")
    ES244 = (logging.INFO, "A room goes back to a better vendor")
    ES301 = (logging.WARNING, "Callback refused: not authenticated")
    ES302 = (logging.ERROR, "Callback not understood: kept in quarantine")
    ES303 = (logging.ERROR, "Callback could not be stored: the vendor was told to repeat it")
    ES304 = (logging.WARNING, "Callback refused: empty or too large")
    ES305 = (logging.WARNING, "A fetched result belongs to none of our tasks: kept in quarantine")
    ES306 = (logging.WARNING, "Callback refused: the vendor's own signature does not fit")
    ES307 = (logging.INFO, "Results fetched")
    ES308 = (logging.ERROR, "The vendor does not hand out its results: they wait there")
    ES309 = (logging.INFO, "Results are not fetched: another run is at it")
    ES401 = (logging.ERROR, "Callback for a task that the table does not know: kept")
    ES402 = (logging.WARNING, "Unknown vendor label: kept as unknown")
    ES403 = (logging.ERROR, "Stored callback could not be read: it stays stored as it came")
    ES404 = (logging.WARNING, "Stray task discovered at the vendor")
    ES405 = (logging.WARNING, "The vendor ended a task")
    ES406 = (logging.INFO, "Signal delivered")
    ES407 = (logging.ERROR, "Event could not be published, record to be repeated")
    ES408 = (logging.WARNING, "The vendor reported trouble of its own in place of a verdict")
    ES409 = (logging.ERROR, "Change could not be told: dead-lettered")
    ES410 = (logging.INFO, "A batch of results was taken apart")
    ES411 = (
        logging.INFO,
        "A segment was heard by two ears: the verdict of the one that is let go is not told",
    )
    ES501 = (logging.WARNING, "The vendor or platform answered with a code outside its documentation")
    ES601 = (logging.WARNING, "Room webhook refused: not authenticated")
    ES602 = (logging.ERROR, "Room webhook refused: the settings for its app are missing or wrong")
    ES603 = (logging.ERROR, "Room webhook not understood: kept, and acknowledged")
    ES604 = (logging.INFO, "Room webhook changed nothing: repeated, of a recorder or none of our business")
    ES605 = (logging.ERROR, "Room webhook could not be taken: the platform was told to repeat it")
    ES606 = (logging.WARNING, "Room webhook refused: too old, or from the future")
    ES607 = (logging.WARNING, "Room webhook refused: too large")
    ES608 = (logging.INFO, "Room webhook taken")
    ES611 = (logging.WARNING, "Room closed by us: nobody is in it")
    ES612 = (logging.WARNING, "The platform could not be asked who is in its rooms: they are looked at again")
    ES613 = (logging.INFO, "The platform cannot be asked who is in its rooms: its webhooks alone say so")
    ES614 = (logging.INFO, "Rooms looked at")
    ES701 = (logging.WARNING, "A watch did not know that its room is over: it was told")
    ES702 = (logging.WARNING, "No execution drove a live watch: another was started")
    ES703 = (logging.WARNING, "A parked watch was not told of a signal: it was told again")
    ES704 = (logging.ERROR, "A watch was neither parked nor moving: another execution was started")
    ES705 = (logging.ERROR, "An ended watch has left a task at the vendor: it is finished again")
    ES706 = (logging.WARNING, "Live watches could not all be looked after: they are in the next look")
    ES707 = (logging.INFO, "Live watches looked at")
    ES708 = (
        logging.ERROR,
        "What was found could not be told on the bus, or not what it cost: the log has the rest",
    )
    ES801 = (logging.WARNING, "A spend cap comes near: the room is heard more cheaply")
    ES802 = (logging.ERROR, "A spend cap is reached: nobody listens to the room any more")
    ES803 = (logging.WARNING, "The vendor counts other seconds of a task than we do")
    ES804 = (logging.WARNING, "A day's totals were busy: the next look adds what is missing")
    ES805 = (logging.ERROR, "A room that must be heard is not: the app was asked to close it")
    ES806 = (logging.ERROR, "Spend caps could not be looked at: nothing is cut for now")
    ES807 = (logging.INFO, "A new day: what a cap had cut is given back")

    @property
    def level(self) -> int:
        return int(self.value[0])

    @property
    def text(self) -> str:
        return str(self.value[1])
