"""A running graph in a demo: the arm under way with a sentence, and the story told from its trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from noetra_ros.cli.episodes import NS, EpisodeRunner
from noetra_ros.cli.graph import Graph
from noetra_ros.cli.graph_session import GraphSession, RunningTask
from noetra_ros.evaluation.demo_story import FaultStory, Motion, physics_checks
from noetra_ros.evaluation.episode_judge import PhysicsJudge, stop_windows
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.trace import read_trace
from noetra_ros.robots.profile import RobotProfile

MOVING_RADPS = 0.25
UNDER_WAY_S = 0.8  # simulated s after the sentence before something bad is done
TIMEOUT_S = 30.0


@dataclass
class Scene:
    """What every bad thing needs.

    Attributes:
        graph: running.
        session: connected to it.
        runner: resets worlds and closes traces.
        judge: of the physics.
        profile: the robot.
        tolerated: names of nodes whose death is part of the show.
    """

    graph: Graph
    session: GraphSession
    runner: EpisodeRunner
    judge: PhysicsJudge
    profile: RobotProfile
    tolerated: set[str] = field(default_factory=set)

    def what_died(self) -> str:
        """Nodes that have died against the plan, in words."""
        return "; ".join(str(e) for e in self.graph.died() if e.name not in self.tolerated)

    def wait_sim(self, seconds: float) -> None:
        """Let simulated time go on."""
        until_s = self.session.now_s + seconds
        self.session.wait_until(lambda: self.session.now_s >= until_s, TIMEOUT_S, "simulated time to go on")

    def is_moving(self) -> bool:
        """A joint is under way, by the physics."""
        physics = self.session.physics
        return physics is not None and max(map(abs, physics.joint_velocities), default=0.0) > MOVING_RADPS

    @contextmanager
    def under_way(self, plan: EpisodePlan) -> Iterator[tuple[RunningTask, float]]:
        """The arm follows a sentence and moves; gives the task and the simulated time of the reset."""
        session = self.session
        began_s = self.runner.begin(plan)
        session.arm()
        with session.task(plan.instruction, plan.time_limit_s) as task:
            self.wait_sim(UNDER_WAY_S)
            session.wait_until(self.is_moving, TIMEOUT_S, "the arm to move")
            yield task, began_s

    def story(self, plan: EpisodePlan, began_s: float, at_s: float, **words: Any) -> FaultStory:
        """Close the trace, let the oracle judge it, tell the story; `words` are fields of `FaultStory`."""
        session, ended_s = self.session, self.session.now_s
        modes = tuple((stamp * NS, mode) for stamp, mode in session.modes)
        events = tuple(replace(e, time_s=e.time_s - began_s) for e in session.events)
        trace = read_trace(self.runner.finish(plan))
        physics = self.judge.judge(trace, stop_windows(modes, float(trace.time_s[-1])))
        checks = (*words.pop("checks"), *physics_checks(physics))
        motion = Motion(plan, trace, modes, began_s, ended_s)
        return FaultStory(motion=motion, physics=physics, at_s=at_s, checks=checks, events=events, **words)
