"""IdentifyTokens at Shumei: one audit each; a bad one fails the pull, not the submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei, Time, Zego


def end_of(arrived: list[Json]) -> list[Json]:
    return [body for body in arrived if body.get("statCode") == 1]


def test_fresh_token_runs_and_is_used_up(pair: tuple[Zego, Shumei]) -> None:
    zego, shumei = pair
    task = shumei.start(param={"tokenId": zego.token()})
    assert zego.state()["tokens"][0]["used_by"] == task
    assert len(shumei.run(20)) == 2


def test_reused_token_is_accepted_and_then_fails(pair: tuple[Zego, Shumei]) -> None:
    zego, shumei = pair
    token = zego.token()
    shumei.finish(shumei.start(param={"tokenId": token}))
    task = shumei.start(param={"tokenId": token, "roomId": "room-2"})
    arrived = [body for body in shumei.run(60) if body["requestId"].startswith(task)]
    assert arrived == end_of(arrived)
    assert arrived[0]["auxInfo"] == {"errorCode": 3005, "streamTime": 0}
    assert arrived[0]["requestId"] == task
    assert shumei.task(task) | {
        "token": "used",
        "end_reason": "pull_failed",
        "billed_seconds": 0,
    } == shumei.task(task)


@pytest.mark.parametrize("token", ["never minted", "expired"])
def test_unknown_and_expired_tokens_fail_too(pair: tuple[Zego, Shumei], time: Time, token: str) -> None:
    zego, shumei = pair
    if token == "expired":
        token = zego.token(EffectiveTime="5")
        time.go(5)
    task = shumei.start(param={"tokenId": token})
    assert shumei.task(task)["state"] == "running"
    assert end_of(shumei.run(20))[0]["auxInfo"]["errorCode"] == 3005


def test_running_audit_survives_the_expiry_of_its_token(pair: tuple[Zego, Shumei]) -> None:
    zego, shumei = pair
    task = shumei.start(param={"tokenId": zego.token(EffectiveTime="5")})
    shumei.run(60)
    assert shumei.task(task)["state"] == "running"


def test_token_is_used_up_even_when_the_answer_is_lost(pair: tuple[Zego, Shumei]) -> None:
    zego, shumei = pair
    shumei.faults({"on": "submit", "fault": "accept_then_drop"})
    shumei.send(shumei.body(param={"tokenId": zego.token()}))
    assert zego.state()["tokens"][0]["state"] == "used"


def test_refused_submission_leaves_the_token_alone(pair: tuple[Zego, Shumei]) -> None:
    zego, shumei = pair
    shumei.submit(param={"tokenId": zego.token()}, top={"btId": ...})
    assert zego.state()["tokens"][0]["state"] == "fresh"


@pytest.mark.parametrize("consumes", [True, False])
def test_duplicate_submission_and_its_token(pair: tuple[Zego, Shumei], consumes: bool) -> None:
    zego, shumei = pair
    shumei.set(duplicate_consumes_token=consumes)
    shumei.start(param={"tokenId": zego.token()})
    assert "detail" in shumei.submit(param={"tokenId": zego.token()})
    assert zego.state()["tokens"][1]["state"] == ("used" if consumes else "fresh")


@pytest.mark.parametrize(("init_domain", "state"), [(4, "ok"), (5, "used"), (..., "ok")])
def test_single_use_may_depend_on_init_domain(
    pair: tuple[Zego, Shumei], init_domain: object, state: str
) -> None:
    zego, shumei = pair
    shumei.set(token_single_use="init_domain_5")
    token = zego.token()
    shumei.start(param={"tokenId": token})
    task = shumei.start(param={"tokenId": token, "roomId": "r2"}, initDomain=init_domain)
    assert shumei.task(task)["token"] == state


def test_without_zego_any_token_is_good_once(shumei: Shumei) -> None:
    shumei.start(param={"tokenId": "anything"})
    task = shumei.start(param={"tokenId": "anything", "roomId": "r2"})
    assert shumei.task(task)["token"] == "used"


@pytest.mark.parametrize(
    ("notice", "kinds"), [("end", ["end"]), ("code_1904", ["failure"]), ("both", ["failure", "end"])]
)
def test_how_a_failed_pull_is_told_is_a_setting(shumei: Shumei, notice: str, kinds: list[str]) -> None:
    shumei.set(pull_failure_notice=notice)
    shumei.start(param={"tokenId": "t"})
    task = shumei.start(param={"tokenId": "t", "roomId": "r2"})
    arrived = [body for body in shumei.run(9) if body["requestId"] == task]
    assert ["failure" if body["code"] == 1904 else "end" for body in arrived] == kinds
    if notice != "end":
        assert arrived[0] == {"code": 1904, "message": "拉流失败", "requestId": task}


def test_other_platforms_have_no_identify_token(shumei: Shumei) -> None:
    for kind in ("GIN", "TRTC", "NORMAL"):
        shumei.start(kind)
    assert {task["token"] for task in shumei.state()["tasks"]} == {"ok"}
