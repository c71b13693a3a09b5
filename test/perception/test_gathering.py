"""Picture and depth of one instant belong together; the newest counts, in lock-step all."""

import numpy as np

from noetra_ros.core.types import CameraFrame, JointState
from noetra_ros.perception.frames import Pinhole
from noetra_ros.perception.gathering import Gatherer

MS = 1_000_000
LENS = Pinhole(100.0, 100.0, 7.5, 7.5)
RGB = np.zeros((16, 16, 3), np.uint8)
DEPTH = np.ones((16, 16), np.float32)


def gatherer(keeps_all=False):
    made = Gatherer(["overhead"], {"overhead": 0.1, "front": 0.1}, keeps_all)
    made.add_lens("overhead", LENS, 0)
    return made


def send(to, stamp_ms, depth_ms=None):
    to.add_picture(CameraFrame(stamp_ms * MS, "overhead", RGB), stamp_ms * MS)
    to.add_depth("overhead", (stamp_ms if depth_ms is None else depth_ms) * MS, DEPTH, stamp_ms * MS)


def test_a_depth_camera_needs_picture_depth_and_lens():
    bare = Gatherer(["overhead"], {"overhead": 0.1})
    send(bare, 100)
    assert bare.take().shots == ()
    bare.add_lens("overhead", LENS, 0)
    (shot,) = bare.take().shots
    assert (shot.stamp_ns, shot.lens) == (100 * MS, LENS)
    assert shot.rgb is RGB and shot.depth_m is DEPTH


def test_depth_of_another_instant_waits():
    made = gatherer()
    send(made, 100, depth_ms=20)
    assert not made.has_sights
    made.add_depth("overhead", 110 * MS, DEPTH, 0)
    assert made.take().shots[0].stamp_ns == 110 * MS


def test_a_camera_without_depth_needs_its_picture_alone():
    made = gatherer()
    made.add_picture(CameraFrame(5, "front", RGB), 7)
    (shot,) = made.take().shots
    assert (shot.camera, shot.arrival_ns, shot.depth_m) == ("front", 7, None)


def test_the_newest_shot_of_a_camera_counts_and_in_lock_step_all():
    for keeps_all, stamps_ms in ((False, [200]), (True, [100, 200])):
        made = gatherer(keeps_all)
        send(made, 100)
        send(made, 200)
        assert [shot.stamp_ns // MS for shot in made.take().shots] == stamps_ms


def test_what_was_taken_is_gone():
    made = gatherer()
    send(made, 100)
    made.add_joints(JointState(90 * MS, (), np.empty(0), np.empty(0), np.empty(0)))
    assert made.joints_ns == 90 * MS
    assert len(made.take().joints) == 1
    assert made.take().shots == () and not made.has_sights and made.joints_ns == 90 * MS


def test_what_was_taken_is_still_known_to_have_come():
    made = gatherer(keeps_all=True)
    made.add_picture(CameraFrame(5, "front", RGB), 5)
    made.add_joints(JointState(7, ("a",), np.zeros(1), np.zeros(1), np.zeros(1)))
    made.take()  # by work on the tick before, that began late
    assert made.has_shot("front", 5) and not made.has_shot("front", 6)
    assert made.joints_ns == 7
