"""The ring: bounded by time and bytes, whole around a stop."""

from noetra_ros.data.blackbox.ring import RECORD_BYTES, Record, Ring

SECOND = 1_000_000_000
SIZE = 1000 - RECORD_BYTES  # a record counts as 1000 bytes


def filled(ring, start_s, end_s, step_s=0.1):
    for step in range(round((end_s - start_s) / step_s)):
        ring.add(Record(0, int((start_s + step * step_s) * SECOND), bytes(SIZE)))


def test_only_the_last_seconds_are_kept():
    ring = Ring(2 * SECOND, 10**6)
    filled(ring, 0.0, 10.0)
    kept = ring.records(0, 100 * SECOND)
    assert (len(kept), kept[0].at_ns) == (21, int(7.9 * SECOND))
    assert ring.lacks_s(int(9.9 * SECOND)) == 0.0


def test_before_a_stop_half_of_the_memory_is_used_at_most():
    ring = Ring(100 * SECOND, 20_000)
    filled(ring, 0.0, 10.0)
    assert (ring.bytes, len(ring.records(0, 100 * SECOND))) == (10_000, 10)
    assert ring.lacks_s(10 * SECOND) == 98.9  # told, so that somebody gives it more


def test_held_it_keeps_everything_since_then():
    ring = Ring(2 * SECOND, 10**6)
    filled(ring, 0.0, 5.0)
    ring.hold(3 * SECOND)
    filled(ring, 5.0, 50.0)
    assert ring.records(3 * SECOND, 100 * SECOND)[0].at_ns == 3 * SECOND
    ring.release()
    filled(ring, 50.0, 50.1)
    assert len(ring.records(0, 100 * SECOND)) == 21


def test_held_and_full_it_refuses_what_is_new_and_says_so():
    ring = Ring(100 * SECOND, 20_000)
    filled(ring, 0.0, 1.0)
    ring.hold(0)
    filled(ring, 1.0, 9.0)
    assert (ring.is_full, ring.bytes) == (True, 20_000)
    assert ring.records(0, 100 * SECOND)[0].at_ns == 0
    ring.release()
    assert not ring.is_full
