"""Commands that would bring the SO-101 into itself, a box or a wall: held, explained, and never frozen."""

import dataclasses

import coal
import numpy as np
import pytest
from supervised import SETTINGS

from noetra_ros.robots.keep_out import KeepOutBox, ToolTilt
from noetra_ros.robots.link_hulls import LinkHulls
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.explanations import held_back
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.projection import Projection, build_projection

NAMES = ("workspace", "keep_out", "tool_tilt", "self_collision")
POST = KeepOutBox((0.18, -0.03, 0.0), (0.24, 0.03, 0.30))
ARM = dataclasses.replace(load_robot("so101"), keep_out={"post": POST})
LIMITS = channel_limits(ARM, ARM.channel())
ENDS = np.array([(axis.lower, axis.upper) for axis in LIMITS.axes]).T
HOME = np.array([ARM.sim.home[name] for name in ARM.joint_names])
ASIDE = HOME + np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
HULLS = LinkHulls(ARM)


class Driven:
    """The arm under its axis limits and the projection."""

    def __init__(self, start=ASIDE, profile=ARM, names=NAMES):
        self.motion = ChannelMotion(LIMITS)
        self.motion.start_at(start)
        self.projection = build_projection(names, profile, profile.channel(), LIMITS, SETTINGS)
        self.answers = []

    def step(self, wanted, beside=0.0):
        """One command, with the arm measured `beside` where it was told; gives where it is told to be."""
        proposed = self.motion.propose(tuple(wanted), (0.0,) * 6, 1.0)
        measured = np.array(self.motion.positions()) + beside
        answer = self.projection.apply(self.motion, proposed, 1.0, measured)
        self.answers.append((proposed, answer))
        self.motion.commit(answer.values)
        return np.array(answer.values)

    def held(self):
        """Names of all that held a command."""
        return {held.name for _, answer in self.answers for held in answer.held}


def stretched(pan):
    """The arm reaches forward, low, towards the side `pan`, rad."""
    return np.array([pan, 0.2, 0.2, 0.6, 0.0, 0.3])


def post_room_m(positions):
    """Between moving links and the post, by corners of the hulls: another way than the barrier's."""
    HULLS.place(positions)
    gaps = []
    box = coal.Box(*(np.array(POST.upper_m) - POST.lower_m))
    at = coal.Transform3s(np.eye(3), 0.5 * (np.array(POST.upper_m) + POST.lower_m))
    for row, link in enumerate(HULLS.links):
        if link != "base_link":
            gaps.append(HULLS.gap_to(row, box, at).room_m)
    return min(gaps)


def test_a_command_that_hits_nothing_passes_bit_for_bit():
    arm = Driven()
    for step in range(60):
        arm.step(ASIDE + 0.01 * np.sin(0.1 * step))
    assert all(answer.values == proposed and not answer.held for proposed, answer in arm.answers)


def test_a_sweep_into_a_box_ends_before_it_and_says_so():
    arm = Driven(stretched(1.2))
    for _ in range(400):
        assert post_room_m(arm.step(stretched(-1.2))) > 0.0
    assert any("post" in name for name in arm.held())
    assert arm.motion.positions()[0] > 0.0, "it did not get past"
    assert arm.motion.is_at_rest or max(np.abs(arm.motion.velocity())) < 0.05


def test_at_a_wall_the_tool_goes_on_along_it():
    """A supervisor that froze there would be switched off."""
    arm = Driven(stretched(0.3), dataclasses.replace(ARM, keep_out={}))
    low_m = ARM.workspace.lower_m[2]
    deep = stretched(1.0) + np.array([0.0, 0.5, 0.3, 0.0, 0.0, 0.0])
    for _ in range(300):
        positions = arm.step(deep)
        assert LIMITS.tool.tool_position(positions)[2] > low_m
    assert "the workspace (z, low)" in arm.held()
    assert positions[0] > 0.9, "the shoulder turned as far as it was told"


def test_the_gripper_is_not_folded_into_the_arm():
    arm = Driven(names=("self_collision",))
    folded = np.array([1.0, -1.7, 1.6, 1.6, 0.0, 0.0])
    barrier = arm.projection._rooms._barriers[0]
    rows = list(range(len(barrier.names)))
    bare = barrier.room(folded, rows).min()
    assert bare < -0.005, "told without a barrier, the links would meet"
    for _ in range(300):
        assert barrier.room(arm.step(folded), rows).min() > -0.001  # of a margin of 0.003
    assert any("gripper_link" in name or "wrist_link" in name for name in arm.held())


def test_a_full_cup_stays_upright():
    """The cone is about how the tool stands at home: the wrist is told to turn it over."""
    axis = np.array([0.0, 0.0, 1.0])
    up = LIMITS.tool.tool_pose(HOME)[:3, :3] @ axis
    cup = dataclasses.replace(ARM, keep_out={}, tool_tilt=ToolTilt(tuple(axis), tuple(up), 0.3))
    arm = Driven(HOME, cup, ("tool_tilt",))
    for _ in range(200):
        positions = arm.step(HOME + np.array([0.0, 0.0, 0.0, -1.2, 0.0, 0.0]))
        tilt_rad = np.arccos(np.clip(LIMITS.tool.tool_pose(positions)[:3, :3] @ axis @ up, -1, 1))
        assert tilt_rad < 0.3 + 1e-4
    assert tilt_rad > 0.25, "it goes as far as it may"


def test_an_arm_that_stands_in_a_box_goes_no_deeper_and_comes_out():
    """Armed where a person has put it by hand."""
    pan = next(pan for pan in np.arange(1.2, 0.0, -0.01) if post_room_m(stretched(pan)) < -0.004)
    deeper, out = Driven(stretched(pan)), Driven(stretched(pan))
    rooms = [post_room_m(deeper.step(stretched(0.0))) for _ in range(60)]
    assert min(rooms) >= rooms[0] - 1e-4
    for _ in range(100):
        positions = out.step(stretched(1.2))
    assert post_room_m(positions) > 0.0


GIVEN_WAY = np.array([-0.12, 0.0, 0.0, 0.0, 0.0, 0.0])


def test_an_arm_that_gives_way_is_held_where_it_is():
    """Its fingers press on the table and slide towards the post: what is sent keeps clear, they do not."""
    arm, blind = Driven(stretched(1.2)), Driven(stretched(1.2))
    for _ in range(300):
        assert post_room_m(arm.step(stretched(-1.2), GIVEN_WAY) + GIVEN_WAY) > 0.0
        into_m = post_room_m(blind.step(stretched(-1.2)) + GIVEN_WAY)
    assert into_m < -0.01, "held by what was sent alone, it would be in the post"
    assert any("post" in name for name in arm.held())


def test_an_arm_that_was_pushed_into_a_box_goes_no_deeper_and_comes_out():
    pan = next(pan for pan in np.arange(1.2, 0.0, -0.01) if post_room_m(stretched(pan)) < 0.005)
    deeper, out = Driven(stretched(pan)), Driven(stretched(pan))
    rooms = [post_room_m(deeper.step(stretched(0.0), GIVEN_WAY) + GIVEN_WAY) for _ in range(60)]
    assert rooms[0] < -0.004 and min(rooms) >= rooms[0] - 1e-4
    for _ in range(100):
        positions = out.step(stretched(1.2), GIVEN_WAY)
    assert post_room_m(positions + GIVEN_WAY) > 0.0


def test_an_arm_that_lags_behind_on_its_way_is_not_held_for_it():
    arm, prompt = Driven(stretched(1.2)), Driven(stretched(1.2))
    for _ in range(300):
        late = arm.step(stretched(-1.2), 0.04 * -np.array(arm.motion.velocity()))
        punctual = prompt.step(stretched(-1.2))
    assert np.abs(late - punctual).max() < 0.01


def test_a_motion_in_thought_does_not_ask_where_the_arm_is_measured():
    arm, goal = Driven(stretched(1.2)), stretched(1.2) + 0.001
    proposed = arm.motion.propose(tuple(goal), (0.0,) * 6, 1.0)
    in_the_post = stretched(0.0)
    assert arm.projection.apply(arm.motion, proposed, 1.0, in_the_post).values != proposed
    assert arm.projection.twin().apply(arm.motion, proposed, 1.0, in_the_post).values == proposed


def assert_room(judge, arm):
    """Nothing is nearer than its margin, 0.001 m for the tool and 0.003 m for links, by more than 1 mm."""
    room_m = judge.at(np.array(arm.motion.positions()), np.full(len(judge.reach), 0.01))
    assert room_m.min() > -0.001, judge.named(int(room_m.argmin()))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_an_adversary_brings_the_arm_into_nothing(seed):
    """Jumps, steps and noise by a policy that went mad; also the stops that it asks for at any time."""
    draw, arm = np.random.default_rng(seed), Driven()
    judge = Driven().projection._rooms
    judge.begin(ASIDE)
    for step in range(200):
        if step % 40 == 0:
            goal, style = draw.uniform(*ENDS), draw.integers(3)
        here = np.array(arm.motion.positions())
        near = here + np.clip(goal - here, -0.03, 0.03)
        arm.step([goal, near, here + draw.normal(size=6) * 0.05][style])
        if step % 50 == 49:
            for _ in range(30):
                arm.motion.commit(arm.motion.stop_step())
                assert_room(judge, arm)
        assert_room(judge, arm)
    moved = [not answer.is_stopping for _, answer in arm.answers]
    assert np.mean(moved) > 0.8, "it is held back, not frozen"


class Blind:
    """A barrier that cannot measure."""

    names, unit, left_out, reach = ("a wall",), "m", (), np.ones((1, 6))

    def room(self, positions, rows):
        """Not a number."""
        return np.full(len(rows), np.nan)

    def gradient(self, rows):
        """Never asked for."""
        raise AssertionError


def test_what_cannot_be_measured_stops_the_arm():
    arm = Driven()
    arm.projection = Projection([Blind()], LIMITS)
    before = arm.step(ASIDE + 0.05)
    assert arm.answers[0][1].is_stopping and "is not known" in held_back(arm.answers[0][1])[0].reason
    assert np.array_equal(before, ASIDE)


def test_a_channel_of_twists_and_a_robot_without_shapes_have_none():
    base = load_robot("diffbot")
    limits = channel_limits(base, base.channel())
    assert build_projection(NAMES, base, base.channel(), limits, SETTINGS) is None
