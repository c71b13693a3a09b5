"""The base under the supervisor, in physics: whatever it is told, it touches nothing that it can see."""

import numpy as np
import pytest
from driven_room import DrivenRoom, is_standing

from noetra_ros.safety.modes import Mode


@pytest.mark.parametrize("speed_mps", [0.2, 0.6])
@pytest.mark.parametrize("seed", [1, 2])
def test_driving_on_ends_before_what_is_ahead_and_stays_armed(seed, speed_mps):
    """A policy that does not see the wall: the base comes to rest near it, without a protective stop."""
    room = DrivenRoom(seed)
    room.drive((speed_mps, 0.0), 20.0)
    assert room.touched == set() and is_standing(room) and room.mode is Mode.ACTIVE
    assert 0.03 < room.gap_m() < 0.15
    told = [event.verdict for event in room.events if event.verdict.check == "footprint"]
    assert told and "of something" in told[0].reason


def test_without_the_check_it_hits():
    room = DrivenRoom(1, without="footprint")
    room.drive((0.6, 0.0), 20.0)
    assert room.touched


def test_before_a_wall_it_may_turn_and_drive_away():
    room = DrivenRoom(1)
    room.drive((0.4, 0.0), 20.0)
    near_m = room.gap_m()
    room.drive((-0.3, 0.0), 1.0)
    assert room.gap_m() > near_m + 0.1
    room.drive((0.4, 0.0), 10.0)
    yaw = room.world.odometry().yaw_rad
    room.drive((0.0, 1.0), 1.5)
    assert abs(room.world.odometry().yaw_rad - yaw) > 1.0 and room.touched == set()


@pytest.mark.parametrize("seed", [0, 1])
def test_an_adversary_touches_nothing(seed):
    """Twists drawn anew every half second, up to the limits, and pauses between them: a minute each."""
    room, rng = DrivenRoom(seed), np.random.default_rng(seed)
    for _ in range(120):
        twist = rng.uniform(-1.0, 1.0, 2) * (0.6, 1.5)
        for _ in range(25):
            room.step(twist if rng.random() > 0.1 else None)
        if room.mode is Mode.STANDBY:
            room.supervisor.arm(room.now_ns)
    assert room.touched == set()
    assert np.ptp([v[0] for v in room.sent]) > 0.5, "it hardly moved: nothing is shown"
