"""The keys of the table: one partition per room, per session (with its watches, tasks and credentials) and per
task (with its segments, which arrive at a rate of their own)."""

from typing import Any

from earshot.domain import ids

Key = dict[str, Any]


def _key(pk: str, sk: str) -> Key:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def room(room_key: str) -> Key:
    return _key(f"ROOM#{room_key}", "ROOM")


def attendance(room_key: str) -> Key:
    """Beside the room's record."""
    return _key(f"ROOM#{room_key}", "ATTENDANCE")


PERSON = "PERSON#"


def person(room_key: str, user_id: str) -> Key:
    return _key(f"ROOM#{room_key}", f"{PERSON}{segment_name(user_id)}")


def notice(platform: str, app_id: str, key: str) -> Key:
    """A webhook of a platform, by the key that its repetitions share."""
    return _key(f"NOTICE#{ids.digest(platform, app_id, key)}", "NOTICE")


QUEUES = 8
"""Partitions of the index of what is to be looked at; each takes 1,000 writes a second."""
ROOMS, TASKS, WATCHES = "ROOMS", "TASKS", "WATCHES"


def due_queues(kind: str) -> list[str]:
    return [f"{kind}#{number}" for number in range(QUEUES)]


def due_queue(kind: str, name: str) -> str:
    return f"{kind}#{sum(name.encode()) % QUEUES}"


def session(session_id: str) -> Key:
    return _key(f"SESSION#{session_id}", "SESSION")


def watch(watch_id: str) -> Key:
    return _key(f"SESSION#{ids.session_of(watch_id)}", f"WATCH#{watch_id}")


def task(task_ref: str) -> Key:
    return _key(f"SESSION#{ids.session_of(task_ref)}", f"TASK#{task_ref}")


def owner(vendor: str, vendor_task_id: str) -> Key:
    """Who owns a vendor's task: the vendor may name it to somebody else."""
    return _key(f"OWNER#{ids.digest(vendor, vendor_task_id)}", "OWNER")


def credential(watch_id: str, number: int) -> Key:
    return _key(f"SESSION#{ids.session_of(watch_id)}", f"CREDENTIAL#{watch_id}#{number}")


def credentials_of(watch_id: str) -> str:
    """What the sort keys of a watch's credentials begin with."""
    return f"CREDENTIAL#{watch_id}#"


def segment_name(key: str) -> str:
    """The key as it stands in the table: itself, unless it is too long (a sort key ends at 1,024 bytes)."""
    return key if len(key.encode()) <= 512 else ids.digest(key)


SEGMENT = "SEGMENT#"


def segment(task_ref: str, key: str, part: int = 0) -> Key:
    """Part 0 holds the segment; further parts hold the rest of a body too large for one item."""
    name = segment_name(key)
    return _key(f"TASK#{task_ref}", f"{SEGMENT}{name}" if part == 0 else f"PART#{name}#{part:03}")


def turn(name: str) -> Key:
    """What may be done once in a while, by whoever comes first."""
    return _key(f"TURN#{name}", "TURN")


STOP = "STOP#"


def stop(queue: str, vendor_task_id: str) -> Key:
    """A task that waits for its vendor to be told."""
    return _key(f"STOPS#{queue}", f"{STOP}{segment_name(vendor_task_id)}")


def circuit(vendor: str) -> Key:
    """A vendor's health, beside that of the others."""
    return _key("CIRCUITS", f"CIRCUIT#{vendor}")


def poll(source: str) -> Key:
    """Where fetching results from a source stands."""
    return _key(f"POLL#{source}", "POLL")


def pace(name: str) -> Key:
    """The next free slot of what may be done so many times a second."""
    return _key(f"PACE#{name}", "PACE")


PLACE = "PLACE#"


def streams(vendor: str) -> Key:
    """How many streams of a vendor are held; beside it who holds one, and who waits for one."""
    return _key(f"STREAMS#{vendor}", "COUNT")


def stream_holder(vendor: str, holder: str) -> Key:
    return _key(f"STREAMS#{vendor}", f"HOLDER#{holder}")


def stream_waiter(vendor: str, watch_id: str) -> Key:
    """Where in the line a watch stands."""
    return _key(f"STREAMS#{vendor}", f"WAITER#{watch_id}")


def stream_place(vendor: str, priority: int, since: int, watch_id: str) -> Key:
    """A place in the line, in its order: priority, then who came first."""
    return _key(f"STREAMS#{vendor}", f"{PLACE}{priority:02}#{since:015}#{watch_id}")


PLACES = 8
"""Partitions of a day's totals."""
TOTAL = "OF#"


def place_of(watch_id: str) -> int:
    return sum(watch_id.encode()) % PLACES


def totals(day: str, place: int) -> Key:
    """The partition of a day's totals; any key in it."""
    return _key(f"TOTAL#{day}#{place}", TOTAL)


def total(day: str, place: int, vendor: str, app_id: str, plan: str) -> Key:
    """The names that somebody else gave may hold anything, and be long."""
    return _key(f"TOTAL#{day}#{place}", f"{TOTAL}{vendor}#{ids.digest(app_id, plan)}")
