"""What is printed when the rooms are closed: each room's timeline and ledger."""

from rich.console import Console

from local.demo.rooms import STORIES, Story
from local.demo.story import Event, Heard
from local.demo.view import latest_line


def report(console: Console, heard: Heard) -> None:
    """Timelines (passing segments counted, not listed) and ledgers."""
    for story in STORIES:
        console.print(f"\n[bold]{story.room_id}[/bold]  {story.title}")
        _timeline(console, heard.by_room[story.room_id])
        _ledger(console, heard, story)


def _timeline(console: Console, events: list[Event]) -> None:
    passed = 0
    for event in events:
        if event["detail"].get("risk_level") == "PASS":
            passed += 1
            continue
        _passed(console, passed)
        passed = 0
        console.print(latest_line(event), soft_wrap=True)
    _passed(console, passed)


def _passed(console: Console, count: int) -> None:
    if count:
        console.print(f"  {'':<12}  … {count} segment{'s' if count > 1 else ''} passed", style="dim")


def _ledger(console: Console, heard: Heard, story: Story) -> None:
    ledger = heard.ledger(story.room_id)
    if ledger is None:
        console.print("  no ledger", style="red")
        return
    calls = ledger["calls"]
    console.print(
        f"  ledger: open {ledger['open_s']} s, heard {ledger['audited_s']} s, unmoderated {ledger['unmoderated_s']} s"
        f" (our clock); the vendor bills {ledger['vendor_s']} s (its own, scaled clock);"
        f" calls: {calls['mint']} mint, {calls['submit']} submit, {calls['finish']} finish",
        soft_wrap=True,
        highlight=False,
    )
