"""How fast a tool goes: held at its limit, against what scipy finds, by adversaries, in stops, with walls."""

import dataclasses
import math

import numpy as np
import pytest
from linear_walls import JOINTS, Walls
from scipy.optimize import minimize
from supervised import SETTINGS

from noetra_ros.core.types import CommandKind
from noetra_ros.robots.keep_out import ToolTilt
from noetra_ros.robots.kinematics import tool_kinematics
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.explanations import held_back
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.answer import UNKNOWN
from noetra_ros.safety.projection.barrier import build_barriers
from noetra_ros.safety.projection.projection import Projection, build_projection
from noetra_ros.safety.projection.speeds import Instant, Speeds

ARM = load_robot("so101")
LIMITS = channel_limits(ARM, ARM.channel())
# As fast as the joints may be, not only as fast as commands may use of them.
QUICK = dataclasses.replace(
    LIMITS, axes=tuple(dataclasses.replace(axis, velocity=2.5 * axis.velocity) for axis in LIMITS.axes)
)
TOOL = tool_kinematics(ARM)
ENDS = np.array([(axis.lower, axis.upper) for axis in LIMITS.axes]).T
HOME = np.array([ARM.sim.home[name] for name in ARM.joint_names])
STRETCHED = np.array([0.0, 0.2, 0.2, 0.6, 0.0, 0.3])
# A stop takes one period: what is left is the next one.
STIFF = tuple(dataclasses.replace(axis, acceleration=1e6, jerk=1e9) for axis in JOINTS.axes)


class Points:
    """Points whose velocity is a matrix times the speeds of the joints, wherever these are."""

    names, left_out, unit = (), (), "m/s"

    def __init__(self, *jacobians, most_mps):
        self.jacobians, self.most_mps = np.array(jacobians, dtype=float), most_mps
        self.speed_names = tuple(f"point {k}" for k in range(len(jacobians)))
        self.speed_reach = np.linalg.norm(self.jacobians, axis=1)
        self.speed_bend = np.array([np.maximum.outer(reach, reach) for reach in self.speed_reach])
        self.reach = self.speed_reach[:0]

    def room(self, positions, rows):
        return np.zeros(0)

    def gradient(self, rows):
        return np.zeros((0, self.reach.shape[1]))

    def speed_jacobian(self, positions, row):
        return self.jacobians[row]

    def speed_jacobians(self, positions, row):
        return np.array([self.speed_jacobian(one, row) for one in positions])


def stiff(count, kind=CommandKind.JOINT_POSITION):
    """Limits of `count` joints that stop within a period, 2 rad/s at 100 Hz; positions do not bound them."""
    axes = tuple(dataclasses.replace(STIFF[0], name=f"j{k}", lower=-99.0, upper=99.0) for k in range(count))
    return dataclasses.replace(JOINTS, axes=axes, joint_indices=tuple(range(count)), kind=kind)


def asked(barriers, limits, wanted_radps, start=None):
    """The speeds that are left of those that a command asks for, from rest; and the answer."""
    motion = ChannelMotion(limits)
    motion.start_at([0.0] * len(limits.axes) if start is None else start)
    proposed = tuple((np.array(motion.positions()) + 0.01 * np.array(wanted_radps)).tolist())
    answer = Projection(barriers, limits).apply(motion, proposed, 1.0, np.array(motion.positions()))
    return np.array(motion.velocity_after(answer.values)), answer, proposed


def reference(jacobians, most_mps, wanted, speeds, normal=None, least=0.0):
    """Nearest speeds by scipy, distances in shares of the limit of each axis."""
    constraints = [
        {"type": "ineq", "fun": lambda x, j=j: most_mps**2 - np.sum((j @ (x * speeds)) ** 2)}
        for j in jacobians
    ]
    if normal is not None:
        constraints.append({"type": "ineq", "fun": lambda x: normal @ (x * speeds) - least})
    goal = np.array(wanted) / speeds
    found = minimize(
        lambda x: np.sum((x - goal) ** 2), np.zeros(len(goal)), constraints=constraints,
        bounds=[(-1.0, 1.0)] * len(goal), method="SLSQP", options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    return found.x * speeds


def test_one_joint_is_held_at_the_speed_that_its_lever_allows():
    points = Points([[0.0, 0.0], [0.5, 0.0], [0.0, 0.0]], most_mps=0.4)
    limits = dataclasses.replace(JOINTS, axes=STIFF)
    left, answer, _ = asked([points], limits, (1.6, 1.0))
    assert left == pytest.approx([0.8, 1.0], rel=2e-3), "0.4 m/s at a lever of 0.5 m; the other one is free"
    (held,) = answer.held
    assert (held.name, held.unit, held.most) == ("point 0", "m/s", 0.4)
    assert held.measured == pytest.approx(0.8, rel=5e-3) and not answer.is_stopping
    (verdict,) = held_back(answer)
    assert verdict.reason.startswith("point 0: the command would come to 0.8")
    assert verdict.reason.endswith("m/s, limit 0.4 m/s; the nearest motion that keeps it is sent")
    assert (verdict.limit, verdict.unit) == (0.4, "m/s")


def test_what_is_slow_enough_passes_bit_for_bit():
    points = Points([[0.0, 0.0], [0.5, 0.2], [0.1, 0.0]], most_mps=0.4)
    limits = dataclasses.replace(JOINTS, axes=STIFF)
    for wanted in ((0.7, 0.1), (-0.7, 0.1), (0.0, 1.9), (1.2, -1.9)):  # the last two turn against each other
        _, answer, proposed = asked([points], limits, wanted)
        assert answer.values == proposed and answer.held == ()


@pytest.mark.parametrize("kind", [CommandKind.JOINT_POSITION, CommandKind.JOINT_VELOCITY])
@pytest.mark.parametrize("count", [1, 2])
def test_the_answer_is_the_nearest_that_scipy_finds(kind, count):
    draw, limits = np.random.default_rng(7), stiff(6, kind)
    speeds = np.full(6, 2.0)
    for _ in range(60):
        jacobians = draw.normal(0.0, 0.3, (count, 3, 6))
        most_mps = draw.uniform(0.1, 0.6)
        wanted = draw.uniform(-2.0, 2.0, 6)
        points = Points(*jacobians, most_mps=most_mps)
        motion = ChannelMotion(limits)
        motion.start_at([0.0] * 6 if kind is CommandKind.JOINT_POSITION else None)
        proposed = tuple((wanted * (0.01 if kind is CommandKind.JOINT_POSITION else 1.0)).tolist())
        answer = Projection([points], limits).apply(motion, proposed, 1.0, np.zeros(6))
        left = np.array(motion.velocity_after(answer.values))
        assert (np.linalg.norm(jacobians @ left, axis=1) <= most_mps + 1e-6).all()
        nearest = reference(jacobians, most_mps, wanted, speeds)
        excess = np.linalg.norm(left - wanted) - np.linalg.norm(nearest - wanted)
        assert excess <= 0.02 * np.linalg.norm(wanted) and not answer.is_stopping
        if (np.linalg.norm(jacobians @ wanted, axis=1) < 0.97 * most_mps).all():
            assert answer.values == proposed


def test_beside_a_wall_both_are_kept_and_named():
    draw, limits = np.random.default_rng(8), stiff(3)
    named = set()
    for _ in range(60):
        jacobian, wanted = draw.normal(0.0, 0.3, (3, 3)), draw.uniform(-2.0, 2.0, 3)
        normal, room_m = draw.normal(0.0, 1.0, 3), draw.uniform(0.001, 0.02)
        wall, points = Walls((room_m, *normal)), Points(jacobian, most_mps=0.3)
        left, answer, _ = asked([wall, points], limits, wanted)
        assert np.linalg.norm(jacobian @ left) <= 0.3 + 1e-6
        assert room_m + normal @ left * 0.01 >= -1e-6
        nearest = reference([jacobian], 0.3, wanted, np.full(3, 2.0), normal, -room_m / 0.01)
        excess = np.linalg.norm(left - wanted) - np.linalg.norm(nearest - wanted)
        assert excess <= 0.02 * np.linalg.norm(wanted)
        named.add(tuple(sorted(held.name for held in answer.held)))
    assert {("point 0",), ("point 0", "wall 0")} <= named


def test_without_a_limit_nothing_is_measured():
    class Never(Walls):
        def speed_jacobian(self, positions, row):
            raise AssertionError

    _, answer, proposed = asked([Never((9.0, 1.0, 0.0))], dataclasses.replace(JOINTS, axes=STIFF), (2.0, 2.0))
    assert answer.values == proposed


def test_a_joint_that_nobody_knows_stops_the_arm():
    class Lost(Points):
        def speed_jacobian(self, positions, row):
            return self.jacobians[row] * positions[2]  # NaN

    points, limits = Lost([[1.0, 0.0, 0.0]] * 3, most_mps=0.1), dataclasses.replace(JOINTS, axes=STIFF)
    motion = ChannelMotion(limits)
    motion.start_at((0.0, 0.0))
    answer = Projection([points], limits).apply(motion, (0.01, 0.0), 1.0, np.array([0.0, 0.0, math.nan]))
    assert answer.is_stopping and answer.held == (UNKNOWN,) and answer.values == motion.stop_step()
    (verdict,) = held_back(answer)
    assert "is not known" in verdict.reason


class Driven:
    """The SO-101 under its limits and those of the tool; notes how fast the tool goes."""

    def __init__(self, most_mps, start=HOME, limits=QUICK, names=("tool_speed",), robot=ARM):
        self.motion = ChannelMotion(limits)
        self.motion.start_at(tuple(np.array(start).tolist()))
        self.limits, self.names, self.robot = limits, names, robot
        self.answers, self.speeds_mps = [], []
        self.limit(most_mps)

    def limit(self, most_mps):
        settings = dataclasses.replace(SETTINGS, tool_speed_mps=most_mps)
        self.projection = build_projection(
            self.names, self.robot, self.robot.channel(), self.limits, settings
        )

    def step(self, wanted, beside=0.0):
        before = np.array(self.motion.positions())
        proposed = self.motion.propose(tuple(np.array(wanted).tolist()), (0.0,) * 6, 1.0)
        values = proposed
        if self.projection is not None:
            answer = self.projection.apply(self.motion, proposed, 1.0, before + beside)
            self.answers.append((proposed, answer))
            values = answer.values
        assert self.motion.is_allowed(values) or values == self.motion.stop_step(), "within limits: no jump"
        self.send(values)

    def send(self, values):
        before = np.array(self.motion.positions())
        self.motion.commit(values)
        after, rates = np.array(values), np.array(self.motion.velocity())
        self.speeds_mps.append(fastest_mps(before, after, rates, self.limits.period_s))


def fastest_mps(before, after, rates, dt_s):
    """Of the tool: on the chord of a period, and where it begins, in its middle and where it ends."""
    chord = np.linalg.norm(TOOL.tool_position(after) - TOOL.tool_position(before)) / dt_s
    places = (before, 0.5 * (before + after), after)
    return max(chord, *(np.linalg.norm(TOOL.tool_jacobian(at)[:3] @ rates) for at in places))


def adversary(arm, draw, periods):
    """Goals and trembling goals anywhere in reach."""
    goal, hold = draw.uniform(*ENDS), 0
    for _ in range(periods):
        hold -= 1
        if hold < 0:
            goal, hold = draw.uniform(*ENDS), int(draw.integers(1, 30))
        yield np.clip(goal + draw.normal(0.0, draw.choice([0.0, 0.3]), 6), *ENDS)


@pytest.mark.parametrize("most_mps", [0.1, 0.3])
def test_an_adversary_never_makes_the_tool_faster(most_mps):
    draw, arm = np.random.default_rng(3), Driven(most_mps)
    for goal in adversary(arm, draw, 700):
        arm.step(goal)
    assert max(arm.speeds_mps) <= most_mps + 1e-6
    assert np.quantile(arm.speeds_mps, 0.9) > 0.8 * most_mps, "it is held at the limit, not below"
    stopped = [answer.is_stopping for _, answer in arm.answers]
    assert np.mean(stopped) < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_adversaries_from_any_posture_never_make_the_tool_faster(seed):
    draw, fastest, kinds = np.random.default_rng(seed), 0.0, []
    for episode in range(20):
        most_mps = float(draw.choice([0.05, 0.15, 0.25, 0.5, 1.0]))
        arm = Driven(most_mps, draw.uniform(*ENDS))
        for goal in adversary(arm, draw, 500):
            arm.step(goal)
        fastest = max(fastest, max(arm.speeds_mps) - most_mps)
        kinds += [answer.is_stopping for _, answer in arm.answers]
        assert fastest <= 1e-6, episode
    assert np.mean(kinds) < 0.02


def test_a_stop_at_any_time_keeps_the_limit():
    draw, arm = np.random.default_rng(4), Driven(0.2)
    for period, goal in enumerate(adversary(arm, draw, 300)):
        arm.step(goal)
        if period % 20 == 10:
            while not arm.motion.is_at_rest:
                arm.send(arm.motion.stop_step())
    assert max(arm.speeds_mps) <= 0.2 + 1e-6


def test_a_robot_that_is_too_fast_brakes_within_its_limits():
    """The limit was lowered while it moved: no jump, no standstill, and the lower limit from then on."""
    arm = Driven(20.0, STRETCHED + np.array([-1.2, 0, 0, 0, 0, 0]))
    goal = STRETCHED + np.array([1.6, 0, 0, 0, 0, 0])
    for _ in range(45):
        arm.step(goal)
    fast = arm.speeds_mps[-1]
    assert fast > 0.5
    arm.limit(0.2)
    braked = ChannelMotion(arm.limits)
    braked._take(*arm.motion.differences())
    begun, count = len(arm.speeds_mps), 0
    while not braked.is_at_rest:
        braked.commit(braked.stop_step())
        count += 1
    for _ in range(60):
        arm.step(goal)
    after = np.array(arm.speeds_mps[begun:])
    assert (np.diff(after[: np.argmax(after <= 0.2 + 1e-6)]) <= 1e-9).all(), "slower with every period"
    assert np.argmax(after <= 0.2 + 1e-6) <= count
    assert (after[count:] <= 0.2 + 1e-6).all() and after[-20:].min() > 0.15, "it goes on at the limit"


def test_where_the_arm_is_pushed_aside_its_own_place_counts():
    """Told to hold near its base, it was pushed out: there the same turn makes the tool faster."""
    folded = np.array([0.0, -1.4, 1.3, 0.6, 0.0, 0.3])
    pushed = np.array([0.0, 1.4, -1.1, 0.0, 0.0, 0.0])
    speeds = []
    for beside in (0.0, pushed):
        arm = Driven(0.15, folded)
        for _ in range(40):
            arm.step(folded + np.array([1.0, 0, 0, 0, 0, 0]), beside=beside)
        at = np.array(arm.motion.positions()) + beside
        speeds.append(np.linalg.norm(TOOL.tool_jacobian(at)[:3] @ np.array(arm.motion.velocity())))
    assert speeds[1] <= 0.15 + 1e-3
    assert np.abs(arm.motion.velocity()[0]) < 0.8 * 0.15 / np.linalg.norm(TOOL.tool_position(folded)[:2])


def test_with_a_box_and_a_cone_all_of_them_are_kept():
    tilt = ToolTilt((0.0, 0.0, 1.0), (0.3, 0.0, -1.0), 1.2)
    robot = dataclasses.replace(ARM, tool_tilt=tilt)
    arm = Driven(0.2, names=("workspace", "tool_tilt", "tool_speed"), robot=robot)
    draw, box = np.random.default_rng(6), ARM.workspace
    for goal in adversary(arm, draw, 300):
        arm.step(goal)
        place = TOOL.tool_position(np.array(arm.motion.positions()))
        assert (place >= np.array(box.lower_m) - 1e-3).all() and (place <= np.array(box.upper_m) + 1e-3).all()
    assert max(arm.speeds_mps) <= 0.2 + 1e-6
    names = {held.name for _, answer in arm.answers for held in answer.held}
    assert "the speed of the tool" in names and len(names) > 1


def test_velocities_are_held_where_the_arm_is_measured():
    limits = dataclasses.replace(QUICK, kind=CommandKind.JOINT_VELOCITY)
    motion, at = ChannelMotion(limits), STRETCHED.copy()
    motion.start_at(None)
    projection = build_projection(
        ("tool_speed",), ARM, ARM.channel(), limits, dataclasses.replace(SETTINGS, tool_speed_mps=0.2)
    )
    speeds = []
    for _ in range(60):
        motion.observe(tuple(at.tolist()))
        proposed = motion.propose((0.9, -0.5, 0.4, 0.0, 0.0, 0.0), (0.0,) * 6, 1.0)
        answer = projection.apply(motion, proposed, 1.0, at)
        motion.commit(answer.values)
        speeds.append(np.linalg.norm(TOOL.tool_jacobian(at)[:3] @ np.array(answer.values)))
        at = at + limits.period_s * np.array(answer.values)
    assert max(speeds) <= 0.2 + 1e-4 and speeds[-1] > 0.18


def test_the_fastest_instant_of_a_stop_is_found():
    """Against every instant of the way, one by one."""
    draw, still = np.random.default_rng(6), np.zeros(6)
    (body,) = build_barriers(["tool_speed"], ARM, dataclasses.replace(SETTINGS, tool_speed_mps=0.05))
    too_fast = 0
    for _ in range(60):
        motion, speeds = ChannelMotion(QUICK), Speeds([body], QUICK)
        motion.start_at(draw.uniform(*ENDS))
        for _ in range(draw.integers(1, 30)):
            motion.commit(motion.propose(tuple(draw.uniform(*ENDS)), (0.0,) * 6, 1.0))
        speeds.begin(np.array(motion.positions()))
        way = speeds.way(motion, motion.propose(tuple(draw.uniform(*ENDS)), (0.0,) * 6, 1.0))
        (found,) = speeds.fastest(way, [still])
        jacobians = [TOOL.tool_jacobian(posture)[:3] for posture in way.postures]
        ends = [*zip(jacobians[:-1], way.speeds, strict=True), *zip(jacobians[1:], way.speeds, strict=True)]
        every = [np.linalg.norm(jacobian @ rates) for jacobian, rates in ends]
        most_mps = max(every + np.tile(speeds._bow_mps(0, way.speeds), 2))
        too_fast += most_mps > 0.05
        assert found.mps == pytest.approx(most_mps, abs=1e-9) or max(found.mps, most_mps) <= 0.05
    assert too_fast > 50


def test_a_ball_tells_how_the_velocity_at_an_instant_changes():
    """Whether the stop is at full brake there, at rest in some joints, or between."""
    draw = np.random.default_rng(8)
    (body,) = build_barriers(["tool_speed"], ARM, dataclasses.replace(SETTINGS, tool_speed_mps=0.05))
    slopes = []
    for _ in range(60):
        motion, speeds = ChannelMotion(QUICK), Speeds([body], QUICK)
        motion.start_at(draw.uniform(*ENDS))
        for _ in range(20):
            motion.commit(motion.propose(tuple(draw.uniform(*ENDS)), (0.0,) * 6, 1.0))
        speeds.begin(np.array(motion.positions()))
        values = motion.propose(tuple(draw.uniform(*ENDS)), (0.0,) * 6, 1.0)
        way, nearer = speeds.way(motion, values), speeds.way(motion, motion.blend(values, 0.98))
        look = int(draw.integers(2 * min(len(way.speeds), len(nearer.speeds))))
        jacobian = TOOL.tool_jacobian(way.postures[(look + 1) // 2])[:3]
        ball = speeds.ball(Instant(0, look, 0.0, jacobian), way, nearer, 0.05, np.full(6, 2.0))
        for one in (way, nearer):
            velocity = ball.at_rest + ball.change @ (one.speeds[0] / 2.0)
            assert velocity == pytest.approx(jacobian @ one.speeds_at(look), abs=1e-9)
        assert ball.most_mps == pytest.approx(0.05 - speeds._bow_mps(0, way.speeds)[look // 2])
        slopes.append(np.linalg.norm(ball.change[:, 0]) / np.linalg.norm(2.0 * jacobian[:, 0]))
    assert min(slopes) < 0.1 and max(slopes) > 0.9
