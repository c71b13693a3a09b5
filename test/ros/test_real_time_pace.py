"""Simulated time keeps up with the steady clock, and gives up what cannot be made good."""

import pytest

from noetra_ros.ros import real_time_pace
from noetra_ros.ros.real_time_pace import RealTimePace

pytestmark = pytest.mark.ros
MS = 1_000_000


class TimerStub:
    """Stands for the node: the test calls the timer itself."""

    def create_timer(self, period_s, callback, clock):
        self.fire = callback
        return callback


@pytest.fixture
def rig(monkeypatch):
    rig = TimerStub()
    rig.now_ns, rig.ticks = 0, 0
    monkeypatch.setattr(real_time_pace.time, "monotonic_ns", lambda: rig.now_ns)

    def advance():
        rig.ticks += 1
        return rig.ticks, False

    RealTimePace(rig, advance, 10 * MS).start()
    return rig


def fire_at(rig, *times_ms):
    counts = []
    for time_ms in times_ms:
        before, rig.now_ns = rig.ticks, int(time_ms * MS)
        rig.fire()
        counts.append(rig.ticks - before)
    return counts


def test_one_tick_a_period_in_spite_of_jitter(rig):
    assert fire_at(rig, 0, 11, 19, 31, 38, 50) == [1, 1, 1, 1, 1, 1]


def test_a_short_delay_is_made_good(rig):
    assert fire_at(rig, 0, 10, 40, 50) == [1, 1, 3, 1]


def test_a_long_delay_is_given_up(rig):
    assert fire_at(rig, 0, 10, 510, 520, 530) == [1, 1, 1, 1, 1]
