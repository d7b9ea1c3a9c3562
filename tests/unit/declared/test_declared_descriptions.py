"""The descriptions that are shipped, and the one that describes a vendor with a folder: sound, and what they say."""

import json
from pathlib import Path

import pytest
from earshot.domain.verdict import Finding, TaskEnd, VendorTrouble, Verdict
from earshot.errors import BadInput, Misconfigured
from earshot.vendors import registry
from earshot.vendors.declared.description import FOLDER, load
from earshot.vendors.declared.door import DeclaredDoor
from earshot.vendors.declared.reader import DeclaredReader

from operations import describe
from operations.description_samples import run
from tests.contract.vendor_samples import VENDORS
from tests.unit.support.root import ROOT

SOURCES = sorted((ROOT / "vendors").glob("*.yaml"))
DESCRIBED = Path(__file__).parent / "shumei_described.yaml"
ALL = [pytest.param(path, id=path.stem) for path in (*SOURCES, DESCRIBED)]


def test_there_are_some() -> None:
    assert {path.stem for path in SOURCES} == registry.declared() >= {"lyrebird", "yitu", "volcengine_zego"}


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in SOURCES])
def test_what_is_shipped_is_what_its_source_gives(path: Path) -> None:
    assert (FOLDER / f"{path.stem}.json").read_text("utf-8") == describe.load(path)[1]


@pytest.mark.parametrize("path", ALL)
def test_its_examples_come_to_what_they_say(path: Path) -> None:
    description, _ = describe.load(path)
    assert {one.call for one in run(description)} >= {"submit", "finish"}


@pytest.mark.parametrize("path", ALL)
def test_what_is_shown_of_it_holds_no_secret(path: Path) -> None:
    description, _ = describe.load(path)
    text = "\n".join(describe.told(description, list(run(description))))
    for secret in description.examples["given"]["secrets"].values():
        assert secret not in text


@pytest.mark.parametrize("name", ["yitu", "volcengine_zego"])
def test_what_nobody_has_verified_says_so_and_what_to_ask(name: str) -> None:
    description = load(name)
    assert description.verified is None
    assert len(description.unknown) >= 6
    assert not all(
        hearing.confirmed for one in registry.capabilities(name) for hearing in one.platforms.values()
    )


def test_a_host_that_is_not_public_leads_nowhere() -> None:
    assert load("yitu").outward().origins["main"].host.endswith(".invalid")


def test_only_the_one_that_is_asked_for_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wren.json").write_text(json.dumps({"format": 2}))
    monkeypatch.setattr("earshot.vendors.declared.description.FOLDER", tmp_path)
    load.cache_clear()
    try:
        with pytest.raises(Misconfigured) as raised:
            load("wren")
        assert raised.value.setting == "description wren"
        with pytest.raises(Misconfigured):
            load("no_such")
    finally:
        load.cache_clear()


def test_an_unknown_vendor_is_bad_input() -> None:
    with pytest.raises(BadInput):
        registry.door("no_such")


# --- a vendor that has a folder, described: both must hear the same

SHUMEI = [
    pytest.param(body, id=str(at))
    for at, body in enumerate(VENDORS["shumei"].genuine)
    if b"statCode" not in body
]
ENDS = [
    pytest.param(body, id=str(at)) for at, body in enumerate(VENDORS["shumei"].others) if b"errorCode" in body
]


def both(body: bytes) -> tuple[Finding, Finding]:
    (ours,) = DeclaredReader(describe.load(DESCRIBED)[0]).read(body, {})
    theirs = registry.reader("shumei").read(body, registry.check_options("shumei", "room_mixed", {}))[-1]
    return ours, theirs


@pytest.mark.parametrize("body", SHUMEI)
def test_a_described_vendor_judges_as_its_folder_does(body: bytes) -> None:
    ours, theirs = both(body)
    if isinstance(ours, VendorTrouble):
        assert ours == theirs
        return
    assert isinstance(ours, Verdict)
    assert isinstance(theirs, Verdict)
    for field in ("segment_id", "vendor_task_id", "risk_level", "labels", "started_at", "text", "silent"):
        assert getattr(ours, field) == getattr(theirs, field), field


@pytest.mark.parametrize("body", ENDS)
def test_a_described_vendor_ends_as_its_folder_does(body: bytes) -> None:
    ours, theirs = both(body)
    assert isinstance(ours, TaskEnd)
    assert ours == theirs


def test_a_described_vendor_keeps_the_hits_that_its_folder_keeps() -> None:
    door, folder = DeclaredDoor(describe.load(DESCRIBED)[0]), registry.door("shumei")
    for body in VENDORS["shumei"].genuine:
        if b"statCode" not in body or b"errorCode" in body:
            assert door.identify(body).is_hit == folder.identify(body).is_hit
