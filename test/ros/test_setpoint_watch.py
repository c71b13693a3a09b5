"""From a picture to the gated command: each chunk is timed once, through every stage."""

import numpy as np
import pytest

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.robots import load_robot
from noetra_ros.ros.setpoint_watch import SetpointWatch
from noetra_ros.streaming.streamer import Streamer, StreamOptions

MS = 1_000_000
STAMP_NS = 10_000 * MS


@pytest.fixture
def watch():
    return SetpointWatch(Streamer(load_robot("so101"), "", StreamOptions()), "/streamer")


def values(watch):
    return {pair.key: pair.value for pair in watch.status().values}


def test_a_chunk_is_timed_through_every_stage(watch):
    chunk = ActionChunk(STAMP_NS, 1, "arm", CommandKind.JOINT_POSITION, ("a",), 0.1, 0.1, np.zeros((8, 1)))
    watch.accepted(chunk, STAMP_NS + 40 * MS, 1000 * MS)
    for steady_ms in (1006, 1016):  # the second setpoint answers nothing new
        watch.sent(steady_ms * MS)
        watch.gated(STAMP_NS + (steady_ms - 1000 + 42) * MS, (steady_ms + 2) * MS)
    found = values(watch)
    assert found["camera stamp to streamer p50 [ms]"] == "40.00"
    assert found["streamer to first setpoint p99 [ms]"] == "6.00"
    assert found["setpoint to gated command p95 [ms]"] == "2.00"
    assert found["camera stamp to gated command p50 [ms]"] == "48.00"


def test_ticks_that_come_half_a_period_late_have_missed_their_deadline(watch):
    for steady_ms in (0, 10, 20, 36, 46):
        watch.ticked(steady_ms * MS)
    assert values(watch)["missed deadlines"] == "1"


def test_what_has_not_happened_is_not_reported(watch):
    found = values(watch)
    assert found["splices"] == "none" and found["underruns"] == "0"
    assert not any("p50" in key for key in found)
