"""Pictures are drawn from a trace: right size, not blank, and they show the motion."""

import io

import numpy as np
import pytest
from PIL import Image

from noetra_ros.evaluation.report.pictures import SIZE_PX, Spectator, spread_times
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world


@pytest.mark.gl
def test_a_strip_shows_the_arm_moving():
    profile = load_robot("so101")
    world = make_world(profile)
    world.reset(5, "none")
    state = world.physics_state()
    turned = state.positions + np.array([0.5, 0, 0, 0, 0, 0])
    still = np.zeros((2, 6))
    trace = PhysicsTrace(
        profile.joint_names,
        np.array([0.0, 1.0]),
        np.stack([state.positions, turned]),
        still,
        still,
        still.astype(bool),
        world.object_names,
        np.array([0.0]),
        world.object_poses()[None],
    )
    spectator = Spectator(profile)
    spectator.begin(5, "none")
    pictures = spectator.strip(trace, [0.0, 1.0], origin_s=0.5)
    spectator.close()
    first, second = (np.asarray(Image.open(io.BytesIO(p.png)).convert("RGB"), float) for p in pictures)
    assert first.shape == (SIZE_PX[1], SIZE_PX[0], 3)
    assert np.abs(first - second).mean() > 1.0
    assert [p.caption for p in pictures] == ["−0.5 s", "0.5 s"]


def test_spread_includes_both_ends():
    assert spread_times(1.0, 2.0, 3) == [1.0, 1.5, 2.0]
