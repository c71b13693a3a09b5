import math

import numpy as np
import pytest
from made_snapshots import TWIST, TWO_JOINTS
from obstacles_around import HOME, WATCHING, with_people

from noetra_ros.safety.checks.reduced_speed import ReducedSpeed
from noetra_ros.safety.verdict import Action

CHECK = ReducedSpeed(reduced_speed_mps=0.25)
NAN = np.full(6, math.nan)
CASES = {
    "off": ({"is_speed_reduced": False}, Action.PASS),
    "on": ({"is_speed_reduced": True}, Action.SLOW),
    "on, NaN": ({"is_speed_reduced": True, "joint_positions": NAN}, Action.STOP),
    "on, missing": ({"is_speed_reduced": True, "joint_positions": None}, Action.STOP),
}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_table(changes, expected):
    assert CHECK.evaluate(with_people(**changes)).action is expected


@pytest.mark.parametrize("seed", range(5))
def test_no_motion_within_the_scale_moves_the_tool_faster(seed):
    random = np.random.default_rng(seed)
    positions = np.array(HOME) + random.uniform(-0.3, 0.3, 6)
    scale = CHECK.evaluate(with_people(is_speed_reduced=True, joint_positions=positions)).scale
    speeds = scale * np.array(WATCHING.column("velocity")) * random.choice([-1.0, 1.0], (64, 6))
    tool = speeds @ WATCHING.tool.tool_jacobian(positions)[:3].T
    assert np.linalg.norm(tool, axis=1).max() <= 0.25 + 1e-9


def test_a_speed_that_no_motion_reaches_changes_nothing():
    fast = ReducedSpeed(reduced_speed_mps=10.0)
    assert fast.evaluate(with_people(is_speed_reduced=True)).action is Action.PASS


@pytest.mark.parametrize("limits", [TWO_JOINTS, TWIST])
def test_it_needs_a_tool(limits):
    assert "no tool" in CHECK.unmet(limits)
