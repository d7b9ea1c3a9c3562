"""Deliveries whose signatures were computed elsewhere, through the platforms' own modules."""

import json
from typing import Any

import pytest
from earshot.errors import Refused
from earshot.platforms.port import Delivery

from tests.unit.support.hooks import APP, URL_KEY, Door
from tests.unit.support.notes import Notes

# --- Agora: A1 is printed by the vendor, A2 and A3 are recomputed from its documents

A1 = (
    b'{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f",'
    b'"notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}'
)
A2 = (
    b'{"noticeId":"2000001428:4330:107","productId":1,"eventType":101,"notifyMs":1611566412672,'
    b'"payload":{"channelName":"test_webhook","ts":1560399999}}'
)
A3 = (
    b'{"noticeId":"2000001428:4330:108","productId":1,"eventType":102,"notifyMs":1611566412999,'
    b'"payload":{"channelName":"test_webhook","ts":1560399999,"lastUid":12121212}}'
)
AGORA = {
    "A1": (A1, "6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99", 1560408533119),
    "A2": (A2, "239b7b685a9c67abc6b48ef9f63e9de73b689213cfc6aef238f75889f18e37ad", 1611566412672),
    "A3": (A3, "86d41a121fabd1a2d4a92e8af5c68b86381e011df08b2f276e7dbd7656dd1ebc", 1611566412999),
}


def agora(now: int) -> Door:
    pytest.importorskip("earshot.platforms.agora.webhook")
    door = Door()
    door.put({"webhook_secret": "secret"})
    door.scene.world.clock.now = now
    return door


@pytest.mark.parametrize(("body", "signature", "sent_at"), AGORA.values(), ids=AGORA)
def test_agoras_vectors_are_genuine_and_open_nothing(body: bytes, signature: str, sent_at: int) -> None:
    """A sample of no kind that we know, and both of the console's health check."""
    door = agora(sent_at)
    assert json.loads(door(Delivery(APP, {"agora-signature-v2": signature}, body), key="")) is not None
    assert (door.scene.told, door.scene.store._people) == ([], {})


@pytest.mark.parametrize(("body", "signature", "sent_at"), AGORA.values(), ids=AGORA)
def test_agoras_vectors_with_another_byte_are_refused(body: bytes, signature: str, sent_at: int) -> None:
    door = agora(sent_at)
    for headers in ({"agora-signature-v2": signature}, {}, {"agora-signature-v2": signature[:-1]}):
        with pytest.raises(Refused):
            door(Delivery(APP, headers, body + b" "), key="")
    assert door.left_nothing


def test_agoras_signature_of_another_age_is_refused(notes: Notes) -> None:
    door = agora(1611566412672 + 86_400_000)
    with pytest.raises(Refused):
        door(Delivery(APP, {"agora-signature-v2": AGORA["A2"][1]}, A2), key="")
    assert (door.left_nothing, notes.codes) == (True, ["ES606"])


# --- ZEGO: computed with `secret-ABC`

CREATE: dict[str, Any] = {
    "event": "room_create",
    "appid": 1234567890,
    "timestamp": 1700000000,
    "nonce": "350176",
    "signature": "d0046db31a4f8edad59c421573725aa50fd48971",
    "room_id": "room-1001",
    "room_session_id": 6085791336856668982,
    "room_create_time": "1700000000027",
    "id_name": "owner-42",
}
CLOSE: dict[str, Any] = {
    "event": "room_close",
    "appid": 1234567890,
    "timestamp": 1700001800,
    "nonce": "350177",
    "signature": "d496f3e4cc9b4a5f51b88d29a4555827d2c1a58f",
    "room_id": "room-1001",
    "room_session_id": 6085791336856668982,
    "close_reason": 0,
    "room_close_time": "1700001800909",
}


def zego() -> Door:
    pytest.importorskip("earshot.platforms.zego.webhook")
    door = Door(platform="zego")
    door.put({"callback_secret": "secret-ABC", "url_key": URL_KEY})
    return door


def send(door: Door, message: dict[str, Any], key: str = URL_KEY, late_s: int = 1) -> str:
    door.scene.world.clock.now = (int(message["timestamp"]) + late_s) * 1000
    body = json.dumps(message).encode()
    return door(Delivery(APP, {"content-type": "application/json"}, body), key=key)


def test_zegos_room_comes_and_goes_and_its_repetitions_say_nothing() -> None:
    door = zego()
    for message in (CREATE, CREATE, CLOSE, CLOSE, CREATE):
        send(door, message)
    assert door.scene.kinds == ["RoomOpened", "RoomClosed"]
    opened, over = (json.loads(detail) for _, detail in door.scene.told)
    assert opened["platform_session_id"] == over["platform_session_id"] == "6085791336856668982"
    assert opened["account_id"] == "owner-42"
    assert opened["occurred_at"] == "2023-11-14T22:13:20.027Z"
    assert over["occurred_at"] == "2023-11-14T22:43:20.909Z"


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 40}, {"nonce": "350178"}, {"timestamp": 1700000001}, {"signature": 7}]
)
def test_a_delivery_of_zego_that_is_not_genuine_is_refused(change: dict[str, Any]) -> None:
    door = zego()
    with pytest.raises(Refused):
        send(door, {**CREATE, **change})
    assert door.left_nothing


@pytest.mark.parametrize("key", ["", URL_KEY[:-1]])
def test_zegos_signature_is_not_enough(key: str) -> None:
    """It covers no body: whoever saw one could put any other behind it."""
    door = zego()
    with pytest.raises(Refused):
        send(door, CREATE, key)
    assert door.left_nothing
