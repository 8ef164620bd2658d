import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.watch.series import frames
from portico.watch.series.frames import Damage, Frame

payloads = st.lists(st.one_of(st.binary(max_size=40), st.just(frames.MARK * 3)), min_size=1, max_size=8)


def read(data: bytes) -> list[bytes]:
    return [found.payload for found in frames.scan(data) if isinstance(found, Frame)]


@given(payloads=payloads)
def test_what_was_packed_is_found_in_order(payloads: list[bytes]):
    data = b"".join(frames.pack(b"x", payload) for payload in payloads)
    assert read(data) == payloads
    assert not any(isinstance(found, Damage) for found in frames.scan(data))


@given(payloads=payloads, where=st.floats(0, 1), bit=st.integers(0, 7))
def test_one_wrong_bit_costs_one_frame_and_is_seen(payloads: list[bytes], where: float, bit: int):
    packed = [frames.pack(b"x", payload) for payload in payloads]
    data = bytearray(b"".join(packed))
    place = min(len(data) - 1, int(where * len(data)))
    data[place] ^= 1 << bit
    ends = [len(b"".join(packed[: number + 1])) for number in range(len(packed))]
    hit = next(number for number, end in enumerate(ends) if place < end)
    assert read(bytes(data)) == payloads[:hit] + payloads[hit + 1 :]
    (damage,) = (found for found in frames.scan(bytes(data)) if isinstance(found, Damage))
    assert damage.end == ends[hit]


@given(payloads=payloads, lost=st.integers(1, 60))
def test_an_unfinished_end_is_told_from_damage(payloads: list[bytes], lost: int):
    whole = b"".join(frames.pack(b"x", payload) for payload in payloads)
    last = frames.pack(b"x", bytes(60))
    data = whole + last[:-lost]
    *before, end = frames.scan(data)
    assert len(before) == len(payloads)
    assert isinstance(end, Damage)
    assert frames.is_torn(data, end)
    assert not frames.is_torn(data + whole, end)


@pytest.mark.parametrize(
    ("place", "wrong"), [(4, b"\xff\xff"), (5, b"\xff"), (7, b"\x01"), (5, b"\xff" * 30)]
)
def test_a_last_frame_whose_head_is_damaged_is_not_taken_for_unfinished(place: int, wrong: bytes):
    last = frames.pack(b"x", bytes(60))
    data = last[:place] + wrong + last[place + len(wrong) :]
    (end,) = frames.scan(data)
    assert isinstance(end, Damage)
    assert not frames.is_torn(data, end)


def test_garbage_at_the_end_is_damage():
    data = frames.pack(b"x", b"payload") + bytes(30)
    *_, end = frames.scan(data)
    assert isinstance(end, Damage)
    assert not frames.is_torn(data, end)
