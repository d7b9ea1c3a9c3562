"""V4's bodies at the double, which holds the same pages' rules and was written without a look at ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from earshot import http_client
from earshot.domain.verdict import Finding, Media, TaskEnd, Verdict
from earshot.errors import BadInput
from earshot.vendors.port import Accepted, Ending
from earshot.vendors.shumei.client import ShumeiClient
from earshot.vendors.shumei.door import identify
from earshot.vendors.shumei.reader import read

from tests.unit.shumei.shumei_v4 import SOUND, VIDEO, of
from tests.unit.shumei.test_shumei_double import SPEECH, Vendor
from tests.unit.shumei.test_shumei_v4_request import EVERY_SOUND, EVERY_VIDEO
from tests.unit.support.shumei_streams import ALI, TARGETS, TRTC, ZEGO, Case, settings
from tests.workflow.wire import SHUMEI_URL

ROOMS = [(generation, kind) for generation, rooms in (("v4", SOUND), ("v4_video", VIDEO)) for kind in rooms]


class Conversation(Vendor):
    """A double, and our client of it for any generation."""

    def __init__(self, **changes: Any) -> None:
        super().__init__(SPEECH, **changes)
        self.client = ShumeiClient(SHUMEI_URL, settings(), lambda _: SHUMEI_URL)

    def come(self, case: Case, seconds: int = 11) -> dict[str, tuple[Finding, ...]]:
        """What comes in so many seconds, by its name."""
        self.doubles.clock.second += seconds
        bodies = [push.body.encode() for _, push in self.doubles.due()]
        options = case.submission().watch.plan["vendor_options"]
        return {identify(body).key: read(body, options) for body in bodies}


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    http_client._session.cache_clear()


def room(generation: str, kind: str, **options: Any) -> Case:
    return of((SOUND if generation == "v4" else VIDEO)[kind], generation, appId="default", **options)


WHOLE_ONLY = {
    *(("v4", kind) for kind in ("GIN", "YUNXIN")),
    *(("v4_video", kind) for kind in ("TRTC", "VOLC", "ZEGO")),
}


@pytest.mark.parametrize(("generation", "kind"), ROOMS)
@pytest.mark.parametrize("target", TARGETS)
def test_what_we_send_is_taken_without_a_complaint_and_finished(
    generation: str, kind: str, target: str
) -> None:
    if target == "stream" and (generation, kind) in WHOLE_ONLY:
        return
    vendor = Conversation()
    accepted = vendor.submit(room(generation, kind).but(target=target))
    verdict = vendor.last()
    assert (verdict["ok"], verdict["code"], verdict["warnings"]) == (True, 1100, [])
    assert vendor.client.finish([Ending(accepted.vendor_task_id, accepted.endpoint)]) == [None]
    assert vendor.doubles.running() == []


@pytest.mark.parametrize(("generation", "every"), [("v4", EVERY_SOUND), ("v4_video", EVERY_VIDEO)])
def test_every_option_at_once(generation: str, every: dict[str, Any]) -> None:
    vendor = Conversation()
    assert vendor.submit(room(generation, "ZEGO", **every)).vendor_task_id
    assert vendor.last()["warnings"] == []


@pytest.mark.parametrize(("generation", "kind"), ROOMS)
def test_who_spoke_is_told_where_the_page_tells_it(generation: str, kind: str) -> None:
    vendor, case = Conversation(), room(generation, kind).but(target="room_split")
    vendor.submit(case)
    found = [finding for findings in vendor.come(case).values() for finding in findings]
    said = [one for one in found if isinstance(one, Verdict) and one.media is Media.AUDIO]
    loud = {one.speaker_id for one in said if one.risk_level == "REJECT"}
    assert loud == ({None} if kind in {"NORMAL", "YUNXIN"} else {"77"})
    assert all(one.started_at and one.ended_at for one in said)


def test_pictures_come_beside_the_sound() -> None:
    vendor, case = Conversation(), room("v4_video", "NORMAL")
    vendor.submit(case)
    found = [finding for findings in vendor.come(case).values() for finding in findings]
    pictures = [one for one in found if isinstance(one, Verdict) and one.media is Media.IMAGE]
    assert len(pictures) == 3, "one every three seconds"
    assert all(one.image_url and one.started_at and one.started_at == one.ended_at for one in pictures)


def test_both_media_of_a_video_stream_tell_its_end_and_neither_hides_the_other() -> None:
    vendor, case = Conversation(finish_triggers_end=True), room("v4_video", "NORMAL")
    accepted = vendor.submit(case)
    vendor.come(case)
    vendor.client.finish([Ending(accepted.vendor_task_id, accepted.endpoint)])
    ends = {
        key: end
        for key, findings in vendor.come(case).items()
        for end in findings
        if isinstance(end, TaskEnd)
    }
    assert set(ends) == {f"{accepted.vendor_task_id}#content{medium}#stat1" for medium in (1, 2)}
    assert {end.vendor_task_id for end in ends.values()} == {accepted.vendor_task_id}


@pytest.mark.parametrize("generation", ["v4", "v4_video"])
def test_a_trtc_duplicate_is_adopted(generation: str) -> None:
    vendor = Conversation()
    first = vendor.submit(of(TRTC, generation, appId="default"))
    again = vendor.submit(of(TRTC.but(secrets={"user_sig": "another"}), generation, appId="default"))
    assert again == Accepted(first.vendor_task_id, first.endpoint, adopted=True, signs_every_s=10)


def test_generations_do_not_finish_each_others_tasks() -> None:
    """That is why an endpoint names the generation."""
    vendor = Conversation()
    accepted = vendor.submit(of(ZEGO, "v4_video", appId="default"))
    vendor.client.finish([Ending(accepted.vendor_task_id, "v4:sh")])
    assert len(vendor.doubles.running()) == 1


def test_what_no_page_of_v4_has_a_platform_for_is_not_sent() -> None:
    vendor = Conversation()
    with pytest.raises(BadInput, match="platform"):
        vendor.submit(of(ALI, "v4", appId="default"))
    assert vendor.doubles.calls("submit") == []
