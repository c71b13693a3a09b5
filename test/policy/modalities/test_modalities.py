"""Depth, signals, sound and joint quantities come into the observation as measured, or not at all."""

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.samples import DepthFrame, Signal, Sound
from noetra_ros.core.stream_timing import Align, StreamTiming
from noetra_ros.core.types import CommandKind, JointState
from noetra_ros.policy.assembly import Incomplete
from noetra_ros.policy.history import History
from noetra_ros.policy.modality import MODALITIES, assembler_of, parts_of
from noetra_ros.policy.spec import CameraNeed, DepthNeed, PolicySpec, SignalNeed, SoundNeed

MS = 1_000_000
LIVE = StreamTiming(Align.AS_OF, tolerance_s=0.02, max_age_s=0.3)
BLIND = PolicySpec("test 1", CommandKind.JOINT_POSITION, (), ("elbow",), "rad", 8, 0.1, 0.1, 0.2)
COLUMNS = ("force_x_n", "force_y_n", "force_z_n")
FEELING = replace(BLIND, signals=(SignalNeed("wrench", ("force_z_n", "force_x_n"), History(2, 0.01)),))


def of(spec):
    return assembler_of(spec, dict.fromkeys([part.stream for part in parts_of(spec)], LIVE), lock_step=False)


def force(stamp_ms, values):
    return Signal("wrench", COLUMNS, np.array([stamp_ms * MS]), np.array([values], dtype=float))


def test_a_signal_has_the_policys_columns_and_look_back():
    assembler = of(FEELING)
    for stamp_ms, values in ((10, (1, 2, 3)), (20, (4, 5, 6))):
        assembler.add("signal wrench", stamp_ms * MS, force(stamp_ms, values))
    found = assembler.look(20 * MS, "").signals["wrench"]
    assert found.names == ("force_z_n", "force_x_n") and found.values.tolist() == [[3, 1], [6, 4]]
    assert found.stamps_ns.tolist() == [10 * MS, 20 * MS]


def test_a_signal_that_is_too_short_gives_no_observation():
    assembler = of(replace(FEELING, signals=(SignalNeed("wrench", ("force_z_n",), History(3, 0.05)),)))
    assembler.add("signal wrench", 100 * MS, force(100, (1, 2, 3)))
    found = assembler.look(100 * MS, "")
    assert found == Incomplete("signal wrench: nothing of 0.050 s before, allowed 0.02 s")


def test_depth_is_kept_in_metres_with_its_holes():
    assembler = of(replace(BLIND, depths=(DepthNeed("front", 2, 1),)))
    depth_m = np.array([[np.nan, 1.5]], dtype=np.float32)
    assembler.add("depth front", 5 * MS, DepthFrame(5 * MS, "front", depth_m))
    assert assembler.look(5 * MS, "").depths["front"].depth_m is depth_m


def test_sound_comes_as_one_window():
    assembler = of(replace(BLIND, sounds=(SoundNeed("ear", 1000.0, 0.05),)))
    assert "sound ear: nothing received" in assembler.look(0, "").reason
    assembler.add("sound ear", 60 * MS, Sound(60 * MS, "ear", 1000.0, np.ones((61, 1), np.float32)))
    assert assembler.look(60 * MS, "").sounds["ear"].samples.shape == (50, 1)


@pytest.mark.parametrize(
    ("reads", "is_taken"), [(("position",), True), (("position", "velocity"), True), (("effort",), False)]
)
def test_a_quantity_that_the_robot_does_not_measure_is_refused_only_where_it_is_read(reads, is_taken):
    assembler = of(replace(BLIND, joints=("elbow",), reads=reads))
    state = JointState(5 * MS, ("elbow",), np.zeros(1), np.zeros(1), np.full(1, np.nan))
    if is_taken:
        assembler.add("joint_states", 5 * MS, state)
        return
    with pytest.raises(ValueError, match="joint_states: no finite effort of elbow"):
        assembler.add("joint_states", 5 * MS, state)


def test_every_modality_is_a_file_and_labels_are_unique():
    spec = replace(
        FEELING, joints=("elbow",), cameras=(CameraNeed("front", 2, 2),), depths=(DepthNeed("front", 2, 2),),
        sounds=(SoundNeed("ear", 1000.0, 0.05),), needs_truth=True,
    )  # fmt: skip
    labels = [part.label for part in parts_of(spec)]
    assert len(set(labels)) == len(labels) == len(MODALITIES.names())
