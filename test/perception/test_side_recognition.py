import numpy as np
import pytest

from noetra_ros.core.obstacles import DetectedObject
from noetra_ros.perception.frames import DepthFrame, Pinhole
from noetra_ros.perception.gathering import CameraShot
from noetra_ros.perception.side_recognition import PromptRecognition, SideRecognition

MS = 1_000_000


class Namer:
    """A recogniser that sees one cube in every picture, or fails."""

    def __init__(self, failure=None):
        self.failure, self.looked_at_ns = failure, []

    def see(self, rgb, frame):
        if self.failure is not None:
            raise self.failure
        self.looked_at_ns.append(frame.stamp_ns)
        nowhere, none = np.zeros(4), np.zeros(3)
        return [DetectedObject("cube", 0.9, frame.camera, nowhere, none, np.array([0, 0, 0, 1.0]), none)]


def shown(stamp_ns, camera="overhead"):
    rgb, depth_m = np.zeros((4, 4, 3), np.uint8), np.ones((4, 4), np.float32)
    frame = DepthFrame(stamp_ns, camera, depth_m, Pinhole(4.0, 4.0, 1.5, 1.5), np.eye(4))
    return CameraShot(camera, stamp_ns, stamp_ns, rgb, depth_m, frame.lens), frame


def test_geometry_does_not_wait_and_the_newest_picture_of_each_camera_does():
    jobs, namer = [], Namer()
    recognition = SideRecognition(namer, 0.0, jobs.append)
    for stamp_ms, camera in ((100, "overhead"), (110, "front"), (200, "overhead")):
        recognition.offer(*shown(stamp_ms * MS, camera))
    assert recognition.take() == [] and namer.looked_at_ns == []

    jobs[-1]()

    assert {(seen.camera, seen.stamp_ns // MS) for seen in recognition.take()} == {
        ("front", 110),
        ("overhead", 200),
    }
    assert recognition.take() == []


def test_a_failed_detector_is_told_to_whoever_asks_for_names():
    jobs = []
    recognition = SideRecognition(Namer(RuntimeError("out of memory")), 0.0, jobs.append)
    recognition.offer(*shown(100 * MS))
    jobs[0]()
    with pytest.raises(RuntimeError, match="out of memory"):
        recognition.take()


def test_pictures_are_chosen_by_their_stamps_and_anew_after_the_clock_was_set_back():
    namer = Namer()
    recognition = PromptRecognition(namer, 0.2)
    for stamp_ms in (1000, 1100, 1200, 1300, 1400, 50, 150, 250):
        recognition.offer(*shown(stamp_ms * MS))
    assert namer.looked_at_ns == [ms * MS for ms in (1000, 1200, 1400, 50, 250)]
    assert len(recognition.take()) == 5


def test_the_first_picture_of_another_world_is_looked_at_whatever_the_beat():
    """Else what lies on the table is unknown for up to a period, and what is unknown counts as a person."""
    namer = Namer()
    recognition = PromptRecognition(namer, 0.2)
    recognition.offer(*shown(1000 * MS))
    recognition.forget()
    recognition.offer(*shown(1030 * MS))
    assert namer.looked_at_ns == [1000 * MS, 1030 * MS]
    assert [seen.stamp_ns for seen in recognition.take()] == [1030 * MS]


def test_names_of_the_old_world_that_come_late_are_dropped():
    jobs, namer = [], Namer()
    recognition = SideRecognition(namer, 0.2, jobs.append)
    recognition.offer(*shown(1000 * MS, "front"))
    namer.see = lambda rgb, frame: recognition.forget() or []  # the world ends while it looks
    jobs[-1]()
    assert recognition.take() == []
    recognition.offer(*shown(1010 * MS, "overhead"))
    recognition.forget()
    jobs[-1]()
    assert recognition.take() == []
