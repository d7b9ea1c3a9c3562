"""Several results in one push: kept as one, taken apart behind the door."""

import hashlib
import json

import pytest
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.door import identify, split
from earshot.vendors.yidun.reader import read
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.yidun.yidun_results import ANY, beside, encode, form, hit, key, push, review, sample, signed


def pushed(text: str) -> bytes:
    return signed(form(text))


def array(*bodies: bytes) -> str:
    return f"[{','.join(body.decode() for body in bodies)}]"


def test_a_batch_is_kept_whole() -> None:
    text = array(hit(), beside("asr", content="字"))
    delivery = push(pushed(text))
    assert delivery.key == f"batch#{hashlib.sha256(text.encode()).hexdigest()}"
    assert (delivery.body, delivery.is_hit, delivery.is_batch) == (text.encode(), True, True)
    assert delivery.task_ref is None


def test_the_same_batch_has_the_same_name() -> None:
    text, turned = array(hit(), review()), array(review(), hit())
    assert push(pushed(text)).key == push(pushed(text)).key != push(pushed(turned)).key


def test_a_batch_of_one_is_that_one() -> None:
    delivery = push(pushed(f" [ {hit().decode()} ] "))
    assert delivery == identify(hit())
    assert (delivery.body, delivery.is_batch) == (hit(), False)


def test_elements_are_as_they_are_written() -> None:
    texts = [
        '{"asr" : {"startTime":1.0e1, "segmentId":"],\\"字"}}',
        "7",
        '"[,"',
        "[ [1],2 ]",
        "{}",
        '"\\ud83d"',
    ]
    batch = (" [\n\t" + " ,\r\n ".join(texts) + " ] ").encode()
    assert list(split(batch)) == [text.encode() for text in texts]
    assert list(split(b" [ ] ")) == []


def test_a_malformed_one_does_not_cost_the_others() -> None:
    broken = encode({"weather": {}})
    bodies = [hit(), beside("asr", content="x"), broken, review()]
    batch = push(pushed(array(*bodies)))
    elements = split(batch.body)
    assert list(elements) == bodies
    assert [identify(element).key for element in elements if element != broken] == [
        key(body) for body in bodies if body != broken
    ]
    assert all(read(element, {}) for element in elements if element != broken)
    with pytest.raises(Unreadable):
        identify(elements[2])


def test_the_sample() -> None:
    batch = push(json.loads(sample("push.batch"))["body"].encode())
    first, second, third = split(batch.body)
    assert identify(first).key == key(sample("machine-hit"))
    assert identify(second).key == key(sample("transcript"))
    with pytest.raises(Unreadable):
        identify(third)


@pytest.mark.parametrize(
    "batch", [b"", b"{}", b"[", b"[1,]", b"\xff", b"[" * 100_000, b'{"a":[1]}', b"\xef\xbb\xbf[1]"]
)
def test_what_is_no_batch(batch: bytes) -> None:
    with pytest.raises(Unreadable):
        split(batch)


@given(st.lists(ANY, max_size=5), st.sampled_from([None, 1]), st.booleans())
def test_any_array_comes_apart(items: list[object], indent: int | None, escaped: bool) -> None:
    text = json.dumps(items, indent=indent)
    assert [json.dumps(json.loads(element)) for element in split(text.encode())] == [
        json.dumps(item) for item in items
    ]


@given(st.binary() | st.text(alphabet='[]{},:" 1a\\').map(str.encode))
def test_bytes_come_apart_or_are_unreadable(batch: bytes) -> None:
    try:
        elements = split(batch)
    except Unreadable:
        return
    assert len(elements) == len(json.loads(batch))
