"""A whole trajectory through the supervisor on the simulated arm: it arrives, within the limits."""

import numpy as np
import pytest

from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.evaluation.fuzz.setup import Setup
from noetra_ros.evaluation.limits import limits_of_channel
from noetra_ros.evaluation.oracle import judge_limits, peaks
from noetra_ros.evaluation.trace import read_trace
from noetra_ros.sim.trace import TraceRecorder

SETUP = Setup("so101", "arm_trajectory")
PERIOD_NS, STEPS = 10_000_000, 5
WAY = np.array([0.7, 0.3, -0.4, 0.2, 0.5, 0.3])
DURATION_S = 1.5


def quintic(start):
    """Rest to rest in twelve points, as a planner gives them; peak speed 0.875 rad/s."""
    points = []
    for x in np.linspace(0.0, 1.0, 12).tolist():
        place = 10 * x**3 - 15 * x**4 + 6 * x**5
        speed, change = 30 * x**2 - 60 * x**3 + 30 * x**4, 60 * x - 180 * x**2 + 120 * x**3
        points.append(
            TrajectoryPoint(
                x * DURATION_S, start + place * WAY, speed * WAY / DURATION_S, change * WAY / DURATION_S**2
            )
        )
    return points


class Driven:
    """The simulated arm under the supervisor, period by period."""

    def __init__(self, world):
        self.world, self.supervisor, self.now_ns = world, SETUP.supervisor(), 10**12
        self.reasons = []
        world.reset(1)
        self.step()
        assert self.supervisor.arm(self.now_ns).refusal == ""

    def step(self):
        self.now_ns += PERIOD_NS
        self.supervisor.on_joint_state(self.world.joint_state().positions, self.now_ns)
        decision = self.supervisor.tick(self.now_ns)
        self.reasons += [e.verdict.reason for e in decision.events if e.verdict.check == "trajectory"]
        if decision.values is not None:
            self.world.set_joint_targets(decision.values)
        self.world.step(STEPS)


def test_it_arrives_and_the_physics_keeps_every_limit(arm_world, tmp_path):
    driven, recorder = Driven(arm_world), TraceRecorder(arm_world)
    start = np.array(driven.supervisor.motion.sent())
    recorder.start()
    points = quintic(start)
    driven.supervisor.on_trajectory(Trajectory(SETUP.bounds.names, tuple(points), driven.now_ns))
    for _ in range(250):
        driven.step()
    recorder.save(tmp_path / "trace.npz")
    assert "is done after 1.500 s" in driven.reasons[-1]
    assert arm_world.joint_state().positions == pytest.approx(start + WAY, abs=0.02)
    limits = limits_of_channel(SETUP.profile, SETUP.channel)
    trace = read_trace(tmp_path / "trace.npz")
    assert judge_limits(trace, limits) == []
    assert peaks(trace, limits).velocity > 0.3  # it did move


def test_one_into_the_table_does_not_start(arm_world):
    driven = Driven(arm_world)
    start = np.array(driven.supervisor.motion.sent())
    down, nothing = start + np.array([0.0, 1.0, 0.5, 0.0, 0.0, 0.0]), np.zeros(0)
    slow = [TrajectoryPoint(at_s, place, nothing, nothing) for at_s, place in ((0.0, start), (60.0, down))]
    driven.supervisor.on_trajectory(Trajectory(SETUP.bounds.names, tuple(slow), driven.now_ns))
    for _ in range(400):
        driven.step()
    assert "the workspace (z, low) at " in driven.reasons[0] and "is refused" in driven.reasons[0]
    assert driven.supervisor.motion.sent() == tuple(start.tolist())
