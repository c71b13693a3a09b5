"""Runs planned episodes through a running graph: reset, arm, sentence, success or time limit, stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from noetra_ros.cli.graph_session import GraphError, GraphSession, RunningTask
from noetra_ros.cli.graph_words import end_reason_name
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.episode_judge import PhysicsVerdict
from noetra_ros.evaluation.person_oracle import PersonVerdict
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.records import EpisodeRecord, SafetyEventRecord
from noetra_ros.evaluation.task_oracle import TaskOracle, TaskVerdict, TaskWatch
from noetra_ros.msg import PhysicsState
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns

WATCH_STOPPED_S = 0.8  # simulated s after the end in which the oracle watches that nothing moves
SETTLE_S = 1.5  # `settle_s` of a real-time graph with perception: longer than it holds on to a person
WALL_PER_SIM_S = 40.0  # a graph slower than this is taken for dead
MODE_TIMEOUT_S = 20.0
TRACE_TIMEOUT_S = 20.0
POLICY_ERRORS = ("refused", "policy_fault", "unknown")
LATCHED_MODES = ("emergency_stop", "fault")
NS = 1e-9


@dataclass(frozen=True)
class RawEpisode:
    """What was seen of an episode while it ran, not yet judged.

    Attributes:
        plan: what was asked for.
        trace_path: physics trace, complete.
        began_s: simulated time of the reset.
        told_s: simulated time of the sentence.
        ended_s: simulated time of its end: of the instant that showed success, or of the policy's end.
        end_reason: success, or the policy's end reason.
        wall_s: wall s, reset included.
        running_wall_s: wall s between told and ended.
        events: what the supervisor reported, `time_s` simulated.
        modes: simulated time and name of each mode change.
    """

    plan: EpisodePlan
    trace_path: Path
    began_s: float
    told_s: float
    ended_s: float
    end_reason: str
    wall_s: float
    running_wall_s: float
    events: tuple[SafetyEventRecord, ...]
    modes: tuple[tuple[float, str], ...]

    def record(
        self,
        verdict: TaskVerdict,
        physics: PhysicsVerdict,
        trace: str = "",
        person: PersonVerdict | None = None,
    ) -> EpisodeRecord:
        """What the oracles made of it.

        Args:
            verdict: on the task.
            physics: on limits and stops.
            trace: where the trace is kept; empty = nowhere.
            person: on robot and person; None where perception was off.
        """
        end_s = min(verdict.success_at_s, self.ended_s) if verdict.success else self.ended_s
        running_s = self.ended_s - self.told_s
        return EpisodeRecord(
            index=self.plan.index,
            seed=self.plan.seed,
            task=self.plan.task,
            instruction=self.plan.instruction,
            wording=self.plan.wording,
            success=verdict.success,
            wrong_object=verdict.wrong_object,
            end_reason="success" if verdict.success else self.end_reason,
            duration_s=end_s - self.told_s,
            wall_s=self.wall_s,
            real_time_factor=running_s / self.running_wall_s if self.running_wall_s > 0 else math.nan,
            **vars(physics),
            safety_events=tuple(replace(e, time_s=e.time_s - self.began_s) for e in self.events),
            trace=trace,
            person=person,
        )


class EpisodeRunner:
    """Runs one episode after another on one graph.

    Args:
        session: connected to a graph that is ready.
        oracle: tells from the live physics that a task has succeeded, so that the episode can end.
        variation: of the worlds.
        folder: where the traces go.
        person: kind of the person who comes in each episode; empty = nobody.
        settle_s: simulated s that the robot stands in each world, with nobody there, before the episode
            begins. In real time, perception holds on to the world before for so long, and takes things that
            lie elsewhere now for somebody.
    """

    def __init__(
        self,
        session: GraphSession,
        oracle: TaskOracle,
        variation: str,
        folder: Path,
        person: str = "",
        settle_s: float = 0.0,
    ) -> None:
        self._session, self._oracle, self._person = session, oracle, person
        self._settle_s = settle_s
        self._variation, self._folder = variation, folder.absolute()

    def with_person(self, person: str) -> EpisodeRunner:
        """The same, with somebody who comes in each episode."""
        return EpisodeRunner(
            self._session, self._oracle, self._variation, self._folder, person, self._settle_s
        )

    def run(self, plan: EpisodePlan, watch: Callable[[float], None] = lambda sim_s: None) -> RawEpisode:
        """Run one episode from reset to standstill.

        Args:
            plan: what to do.
            watch: called now and then with the simulated s since the sentence.

        Raises:
            GraphError: a part of the graph has ended, has refused or does not answer.
        """
        session, wall_s = self._session, time.monotonic()
        began_s = self.begin(plan)
        session.arm()
        told_s, running_s = session.now_s, time.monotonic()
        end_reason, ended_s = self._follow(plan, told_s, watch)
        running_wall_s = time.monotonic() - running_s
        self.stand_still()
        return RawEpisode(
            plan=plan,
            trace_path=self.finish(plan),
            began_s=began_s,
            told_s=told_s,
            ended_s=ended_s,
            end_reason=end_reason,
            wall_s=time.monotonic() - wall_s,
            running_wall_s=running_wall_s,
            events=tuple(session.events),
            modes=tuple((stamp * NS, mode) for stamp, mode in session.modes),
        )

    def stand_still(self) -> None:
        """Disarm, and let simulated time go on for the oracle to see that nothing moves any more."""
        self._session.trigger(interfaces.DISARM)
        self._pass(WATCH_STOPPED_S)

    def _pass(self, duration_s: float) -> None:
        """Wait until that much simulated time has passed."""
        session, until_s = self._session, self._session.now_s + duration_s
        session.wait_until(
            lambda: session.now_s >= until_s, duration_s * WALL_PER_SIM_S, "simulated time to go on"
        )

    def begin(self, plan: EpisodePlan) -> float:
        """A fresh world, the supervisor in STANDBY; gives the simulated time of the reset."""
        self._stand_by()
        if self._settle_s > 0.0:
            self._reset(plan, "", "")
            self._pass(self._settle_s)
        path = self._trace_path(plan)
        path.unlink(missing_ok=True)  # one of an earlier run must not be taken for this one's
        return self._reset(plan, str(path), self._person)

    def _stand_by(self) -> None:
        session = self._session
        if session.mode in LATCHED_MODES:
            session.trigger(interfaces.RESET)
        elif session.mode != "standby":
            session.trigger(interfaces.DISARM)
        session.wait_mode("standby", MODE_TIMEOUT_S)

    def _reset(self, plan: EpisodePlan, trace: str, person: str) -> float:
        session = self._session
        answer = session.reset_world(plan.seed, plan.task, self._variation, trace, person)
        began_ns = stamp_to_ns(answer.stamp)
        session.forget(began_ns)
        # In lock-step this first report says that time now stands still until the episode may start.
        session.wait_until(
            lambda: session.physics is not None and session.physics.episode == answer.episode,
            MODE_TIMEOUT_S,
            "sim/physics_state of the new episode",
        )
        session.wait_mode("standby", MODE_TIMEOUT_S)
        return began_ns * NS

    def _follow(self, plan: EpisodePlan, told_s: float, watch: Callable[[float], None]) -> tuple[str, float]:
        """Give the sentence and wait for success or for the policy's own end: its reason and instant (s)."""
        session, seen_ns = self._session, 0
        judge = self._oracle.watch(plan.seed, self._variation, plan.task, plan.colour)
        end_wall_s = time.monotonic() + plan.time_limit_s * WALL_PER_SIM_S
        with session.task(plan.instruction, plan.time_limit_s) as task:
            while not task.is_over:
                session.spin()
                if time.monotonic() > end_wall_s:
                    raise GraphError(
                        f"episode {plan.index}: {plan.time_limit_s:g} s of simulation never passed"
                    )
                if session.physics is None or stamp_to_ns(session.physics.header.stamp) == seen_ns:
                    continue
                seen_ns = stamp_to_ns(session.physics.header.stamp)
                watch(seen_ns * NS - told_s)
                if update_from_message(judge, session.physics):
                    return "success", seen_ns * NS
        return _end_reason(plan, task), session.now_s

    def finish(self, plan: EpisodePlan) -> Path:
        """End the episode; gives its trace, which the simulator writes from the next reset on."""
        path = self._trace_path(plan)
        self._session.reset_world(plan.seed, plan.task, self._variation, "")
        self._session.wait_until(path.is_file, TRACE_TIMEOUT_S, f"the simulator to write {path}")
        return path

    def _trace_path(self, plan: EpisodePlan) -> Path:
        return self._folder / f"episode_{plan.index:04d}.npz"


def _end_reason(plan: EpisodePlan, task: RunningTask) -> str:
    """How the policy ended by itself; a policy that does not work is an error, not a failed episode."""
    assert task.result is not None, "the task is over"
    reason = end_reason_name(task.result.end_reason)
    if reason in POLICY_ERRORS:
        raise GraphError(f"episode {plan.index}, {plan.instruction!r}: {reason}: {task.result.detail}")
    return reason


def update_from_message(judge: TaskWatch, message: PhysicsState) -> bool:
    """Let a live judge see a state of the physics; True: the task has succeeded."""
    time_s = stamp_to_ns(message.header.stamp) * NS
    return judge.update(time_s, np.array(message.joint_positions), pose_rows(message, judge.object_names))


def pose_rows(message: PhysicsState, names: Sequence[str]) -> FloatArray:
    """(k, 7) x, y, z in m and quat_wxyz of the named objects, world frame."""
    poses = dict(zip(message.object_names, message.object_poses, strict=True))
    parts = [(poses[name].position, poses[name].orientation) for name in names]
    return np.array([[p.x, p.y, p.z, q.w, q.x, q.y, q.z] for p, q in parts])
