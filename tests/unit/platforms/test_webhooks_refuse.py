"""Whatever is not genuine is refused, by every platform's webhook, and never with another error.

Agora's deliveries do not name their app: there the app's own secret alone tells it from another.
"""

from dataclasses import replace
from typing import Any

import pytest
from earshot.errors import EarshotError, Misconfigured, Refused
from earshot.platforms import registry
from earshot.platforms.port import Delivery
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.webhooks import (
    ALL,
    SAMPLES,
    SITES,
    fields_of,
    hook,
    is_refused,
    sample,
    signed_bytes,
    verify,
    with_proof,
)

PLATFORMS = sorted(registry.WEBHOOKS)
COVERED = sorted(set(PLATFORMS) - {"zego"})
FIRST = {platform: names[0] for platform, names in SAMPLES.items()}
OTHER = "an0therSecret"


def genuine(platform: str) -> Delivery:
    return sample(platform, FIRST[platform])


@pytest.mark.parametrize(("platform", "name"), ALL)
def test_every_sample_is_genuine_and_no_other_secrets(platform: str, name: str) -> None:
    delivery = sample(platform, name)
    assert verify(platform, delivery) is not None
    is_refused(platform, delivery, OTHER)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "proof", [..., "", "0", "名", "é" * 64, "\ud800", "\udfff" * 40, "\x00", "a" * 100_000]
)
def test_no_proof_and_nonsense_are_refused(platform: str, proof: Any) -> None:
    is_refused(platform, with_proof(platform, genuine(platform), proof))


@pytest.mark.parametrize("platform", ["zego", "volcengine"])
@pytest.mark.parametrize("proof", [None, True, 0, [], {}])
def test_a_proof_in_the_body_is_text(platform: str, proof: Any) -> None:
    is_refused(platform, with_proof(platform, genuine(platform), proof))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_proof_is_the_whole_proof(platform: str) -> None:
    delivery, site = genuine(platform), SITES[platform]
    place = fields_of(platform, FIRST[platform]) if site.in_body else delivery.headers
    right = place[site.proof]
    assert verify(platform, with_proof(platform, delivery, right))
    for wrong in (right[:-1], right + "0", right + " ", " " + right, right[::-1], right + "\ud800"):
        is_refused(platform, with_proof(platform, delivery, wrong))


@pytest.mark.parametrize("platform", COVERED)
def test_a_proof_in_the_wrong_place_is_none(platform: str) -> None:
    """The headers of one delivery do not carry the body of the next, and without headers there is nothing."""
    delivery, last = genuine(platform), sample(platform, SAMPLES[platform][1])
    assert delivery.body != last.body
    if not SITES[platform].in_body:
        is_refused(platform, replace(delivery, body=last.body))
        is_refused(platform, replace(delivery, headers={}))
    is_refused(platform, replace(delivery, body=b""))


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("secret", ["", "  ", None, 7, [], [""], ["right", ""], ["right", None], {}])
def test_no_secret_is_misconfigured(platform: str, secret: Any) -> None:
    """Also for a delivery that is signed with nothing, and before anything is looked at."""
    empty = signed_bytes(platform, genuine(platform).body, "")
    for delivery in (genuine(platform), empty, Delivery(SITES[platform].app_id, {}, b"")):
        with pytest.raises(Misconfigured) as error:
            verify(platform, delivery, secret)
        assert error.value.setting == f"secret {platform}.app.{SITES[platform].field}"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_second_secret_while_it_rotates(platform: str) -> None:
    right, sent_at = SITES[platform].secret, verify(platform, genuine(platform))
    for both in ([right], [right, OTHER], [OTHER, right], ["a", "b", right]):
        assert verify(platform, genuine(platform), both) == sent_at
    is_refused(platform, genuine(platform), [OTHER, "b"])


@pytest.mark.parametrize("platform", [platform for platform in PLATFORMS if platform != "agora"])
@pytest.mark.parametrize("app_id", ["", "other", "0", "名", "\ud800"])
def test_another_apps_delivery_is_refused(platform: str, app_id: str) -> None:
    is_refused(platform, replace(genuine(platform), app_id=app_id))


@pytest.mark.parametrize("platform", COVERED)
@given(data=st.data())
def test_a_body_that_was_touched_is_refused_or_says_the_same(platform: str, data: st.DataObject) -> None:
    """Volcengine signs values: a space between them may be another."""
    delivery = sample(platform, data.draw(st.sampled_from(SAMPLES[platform])))
    place = data.draw(st.integers(0, len(delivery.body)))
    piece, cut = data.draw(st.binary(max_size=3)), data.draw(st.integers(0, 3))
    body = delivery.body[:place] + piece + delivery.body[place + cut :]
    touched = replace(delivery, body=body)
    try:
        verify(platform, touched)
    except Refused:
        return
    if platform != "volcengine":
        assert body == delivery.body
    assert hook(platform).read(touched) == hook(platform).read(delivery)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_refusals_tell_nothing(platform: str) -> None:
    """Neither the secret nor the proof that would have been right."""
    site, delivery = SITES[platform], genuine(platform)
    with pytest.raises(EarshotError) as error:
        verify(platform, with_proof(platform, delivery, "wrong"))
    assert str(error.value) == "not_authenticated"
    assert site.secret not in str(error.value)
