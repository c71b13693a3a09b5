"""What would be sent: by the limits of the axes, by walls where the robot is known, and by verdicts."""

import numpy as np
import pytest
from linear_walls import JOINTS, SPEEDS, Walls

from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.proposing import Proposer
from noetra_ros.safety.surroundings import Surroundings
from noetra_ros.safety.verdict import Action, Verdict

AIM = (0.0, 0.0)


class Seeing(Walls):
    """A wall that is there once a scene was shown."""

    scene = None

    def see(self, scene):
        self.scene = scene
        self.offsets = np.array([9.0 if scene is None else 0.0])
        return True


def proposer(limits=JOINTS, walls=None, at=(0.0, 0.0)):
    motion, inputs, around = ChannelMotion(limits), Inputs(limits), Surroundings()
    motion.start_at((0.0, 0.0))
    if at is not None:
        inputs.hear_joint_state(np.array(at), 10**9, 0.0)
    projection = None if walls is None else Projection([walls], limits)
    return Proposer(motion, inputs, around, projection), motion, around


def test_without_walls_the_limits_of_the_axes_hold():
    made, motion, _ = proposer()
    held = []
    assert made.propose((1.0, 0.0), AIM, held, 1.0) == motion.propose((1.0, 0.0), AIM, 1.0)
    assert held == []


def test_before_a_wall_what_is_held_is_told():
    made, motion, _ = proposer(walls=Walls((0.0, -1.0, 0.0)))
    held = []
    values = made.propose((1.0, 0.0), AIM, held, 1.0)
    assert values[0] <= 1e-6 < motion.propose((1.0, 0.0), AIM, 1.0)[0]
    assert [verdict.subject for verdict in held] == ["wall 0"]


def test_where_the_robot_is_not_known_walls_are_not_asked():
    """No joint state yet: the checks stop for that, nothing is sent."""
    made, motion, _ = proposer(walls=Walls((0.0, -1.0, 0.0)), at=None)
    held = []
    assert made.propose((1.0, 0.0), AIM, held, 1.0) == motion.propose((1.0, 0.0), AIM, 1.0)
    assert held == []


def test_what_perception_saw_last_is_shown_to_the_walls():
    wall = Seeing((9.0, -1.0, 0.0))
    made, motion, around = proposer(walls=wall)
    free = made.propose((1.0, 0.0), AIM, [], 1.0)
    around.scene = "a scene"
    held = []
    assert made.propose((1.0, 0.0), AIM, held, 1.0)[0] < free[0] and held
    assert wall.scene == "a scene" and free == motion.propose((1.0, 0.0), AIM, 1.0)


def test_joint_velocities_are_judged_where_the_joints_are():
    """The arm was pushed to its wall while the channel sends speeds."""
    made, motion, _ = proposer(SPEEDS, Walls((0.5, -1.0, 0.0)), at=(0.5, 0.0))
    held = []
    assert made.propose((0.05, 0.0), AIM, held, 1.0)[0] < 0.05 and held
    assert motion.positions() == (0.5, 0.0)


CLAMP = Verdict("one", Action.CLAMP, "too far", 0.5)
LESS = Verdict("other", Action.CLAMP, "too far", 0.25)
SLOW = Verdict("third", Action.SLOW, "slower", 0.1)


@pytest.mark.parametrize(
    ("verdicts", "share"),
    [
        ([], 1.0),
        ([SLOW], 1.0),
        ([CLAMP], 0.5),
        ([CLAMP, LESS, SLOW], 0.25),
        ([Verdict("w", Action.CLAMP, "x")], 1.0),
    ],
)
def test_the_least_share_of_those_that_clamp_is_left(verdicts, share):
    made, _, _ = proposer()
    proposed = made.propose((1.0, 0.0), AIM, [], 1.0)
    left = made.left_of(proposed, verdicts)
    assert left == pytest.approx([share * proposed[0], 0.0])
    assert (left == proposed) is (share == 1.0)


@pytest.mark.parametrize("action", [Action.STOP, Action.ESTOP, Action.FAULT])
def test_of_a_stop_nothing_is_left_but_the_stop(action):
    made, motion, _ = proposer()
    motion.commit((0.001, 0.0))
    left = made.left_of((0.003, 0.0), [CLAMP, Verdict("stop", action, "stop")])
    assert left == motion.stop_step()


def test_a_share_next_to_all_is_not_all():
    made, _, _ = proposer()
    nearly = Verdict("one", Action.CLAMP, "a little", np.nextafter(1.0, 0.0))
    assert made.left_of((0.001, 0.0), [nearly]) == pytest.approx((0.001, 0.0))
    assert made.left_of((1e9, 0.0), [nearly]) == (0.0, 0.0), "a share beyond all limits is a stop"
