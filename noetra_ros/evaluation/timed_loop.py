"""Episodes of world, policy and streamer in one loop, with the policy's latency in simulated time.

The parts are those of the graph (`PolicySession`, `ChunkTiming`, `Inbox`, `Streamer`) in the order in which
the graph calls them in lock-step; the supervisor is not among them. An answer is computed at once and
followed when the latency is over: the same seeds give the same numbers on any machine under any load.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.moved_cube import CubeShifts
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.timed_correction import TimedCorrection
from noetra_ros.evaluation.world_view import WorldPlanner, observe
from noetra_ros.policy.backend import BackendOptions, PolicyBackend, answer_after, create_backend
from noetra_ros.policy.chunk_timing import ChunkTiming
from noetra_ros.policy.correction.corrector import Corrector
from noetra_ros.policy.session import PolicySession
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.world import World, make_world
from noetra_ros.streaming.execution import executed_s
from noetra_ros.streaming.inbox import Inbox
from noetra_ros.streaming.streamer import Gate, Streamer, StreamOptions, StreamState

NS_PER_S = 1_000_000_000
JUDGE_HZ = 10.0


@dataclass(frozen=True)
class Condition:
    """How an episode is run.

    Attributes:
        latency_s: s from an observation to the first setpoint that can follow its chunk.
        execution: asynchronous or synchronous.
        execute_s: s of a chunk that are carried out when synchronous; 0 = all.
        splice: registered name; a policy is given what to carry on from with ``rtc`` alone, so that the
            others are what they are without real-time chunking. A chunk that will be corrected is asked for
            without: what it has to carry on from is known only when it is corrected.
        correct_hz: looks of the corrector a second; 0 = there is none.
        correct_latency_s: s from a picture to the first setpoint that can follow its correction.
    """

    latency_s: float
    execution: str = "asynchronous"
    execute_s: float = 0.0
    splice: str = "blend"
    correct_hz: float = 0.0
    correct_latency_s: float = 0.0

    @property
    def name(self) -> str:
        """For tables, e.g. ``asynchronous rtc`` or ``synchronous 0.2 s``."""
        if self.correct_hz:
            return f"{self.execution}, corrected at {self.correct_hz:g} Hz"
        piece = f"{self.execute_s:g} s" if self.execute_s else "whole chunk"
        return f"{self.execution} {self.splice if self.execution == 'asynchronous' else piece}"


@dataclass
class TimedTrace:
    """What one episode left behind, tick by tick.

    Attributes:
        succeeded, handled_wrong: judged by the physics.
        time_s: s from the sentence to success, or to the time limit.
        setpoints: (n, d) one a tick.
        planned: (n, d) where the plan was at the same tick, before the robot's limits.
        states: (n) of the streamer.
        splices: ticks after which another chunk was followed.
        seen: (stamp, tick time) in ns of each followed chunk: when the robot saw, and first moved so.
        jumps: (splices) rad, distance of old and new plan at the seam.
        used: name of the splice that each seam used, counted.
        underruns: plans that ended before another came.
        delay_rows: running p95 of the delay at the end, in actions.
        corrections: corrected chunks that were followed or waited.
        shift_ticks: ticks before which the cube was moved.
        shift_ns: when that was.
    """

    succeeded: bool = False
    handled_wrong: bool = False
    time_s: float = 0.0
    setpoints: list[FloatArray] = field(default_factory=list)
    planned: list[FloatArray] = field(default_factory=list)
    states: list[StreamState] = field(default_factory=list)
    splices: list[int] = field(default_factory=list)
    seen: list[tuple[int, int]] = field(default_factory=list)
    jumps: list[float] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    underruns: int = 0
    delay_rows: int = 0
    corrections: int = 0
    shift_ticks: list[int] = field(default_factory=list)
    shift_ns: list[int] = field(default_factory=list)


class TimedLoop:
    """Runs episodes of one policy.

    Args:
        profile: of the robot.
        policy: registered backend.
        variation: of the worlds.
        options: checkpoint and device of the backend.
        corrector: for conditions with a `correct_hz`.
    """

    def __init__(
        self,
        profile: RobotProfile,
        policy: str,
        variation: str,
        options: BackendOptions | None = None,
        corrector: Corrector | None = None,
    ) -> None:
        self.profile, self._variation = profile, variation
        self.world: World = make_world(profile)
        self._planner = WorldPlanner(profile, self.world)
        given = options or BackendOptions(profile)
        self.backend: PolicyBackend = create_backend(policy, given)
        if self.backend.spec.needs_truth:
            self.backend = create_backend(policy, dataclasses.replace(given, planner=self._planner))
        self.backend.load()
        self.corrector = corrector
        if corrector is not None:
            corrector.load()

    @property
    def period_s(self) -> float:
        """s between setpoints."""
        return 1.0 / self.profile.channel().rate_hz

    def run(self, plan: EpisodePlan, condition: Condition, shifts: CubeShifts | None = None) -> TimedTrace:
        """One episode from its reset to success or to its time limit; `shifts` moves the cube meanwhile."""
        self.world.reset(plan.seed, self._variation)
        self._planner.wish = (plan.task, plan.colour)
        self.backend.reset()
        episode = _Episode(self.profile, self.world, self.backend, plan, condition)
        episode.shifts = shifts
        if condition.correct_hz:
            assert self.corrector is not None, "a condition with correct_hz needs a corrector"
            rate_hz, latency_s = condition.correct_hz, condition.correct_latency_s
            episode.correction = TimedCorrection(self.corrector, rate_hz, latency_s, self.period_s)
        return episode.run()


class _Episode:
    """State of one episode."""

    def __init__(
        self,
        profile: RobotProfile,
        world: World,
        backend: PolicyBackend,
        plan: EpisodePlan,
        condition: Condition,
    ) -> None:
        spec = backend.spec
        self.world, self.backend, self.plan = world, backend, plan
        options = StreamOptions(
            splice=condition.splice, execution=condition.execution, execute_s=condition.execute_s
        )
        self.streamer = Streamer(profile, "", options)
        self.inbox = Inbox(round(condition.latency_s * NS_PER_S), is_stepped=True)
        piece_s = executed_s(
            condition.execution, condition.execute_s, spec.start_offset_s, spec.step_s, spec.rows
        )
        period_s = max(spec.replan_s, condition.latency_s + piece_s)
        self.session = PolicySession(period_s, spec.needs_instruction)
        self.session.follow(plan.instruction)
        self.is_carried_on = condition.splice == "rtc"
        self.timing = ChunkTiming(spec, condition.latency_s, is_stepped=True)
        self.cameras = tuple(need.name for need in spec.cameras)
        rates_hz = [profile.cameras[name].rate_hz for name in self.cameras] or [JUDGE_HZ]
        self.look_every = round(1.0 / (self.streamer.period_s * min(rates_hz)))
        self.judge_every = round(1.0 / (self.streamer.period_s * JUDGE_HZ))
        self.judge = Judge(TASKS.get(plan.task), plan.colour)
        self.trace = TimedTrace()
        self.shifts: CubeShifts | None = None
        self.correction: TimedCorrection | None = None

    def run(self) -> TimedTrace:
        """Tick until success or the time limit."""
        period_s, steps = self.streamer.period_s, round(self.streamer.period_s / self.world.step_s)
        joints = self.world.joint_state()
        self.streamer.tick(joints.stamp_ns, joints.positions, Gate.CLOSED)
        trace, tick = self.trace, 0
        while not self.judge.succeeded and trace.time_s < self.plan.time_limit_s:
            self.world.step(steps)
            if self.shifts is not None and self.shifts.update(self.world, trace.time_s):
                trace.shift_ticks.append(tick)
                trace.shift_ns.append(self.world.time_ns)
            self._tick(tick)
            tick += 1
            trace.time_s = tick * period_s
            if tick % self.judge_every == 0:
                truth = self.world.truth()
                assert truth is not None, "worlds without tasks have no episodes"
                self.judge.update(truth)
        trace.succeeded, trace.handled_wrong = self.judge.succeeded, self.judge.handled_wrong
        trace.used, trace.underruns = dict(self.streamer.seams.used), self.streamer.underruns
        spec = self.backend.spec
        trace.delay_rows = self.streamer.seams.delay.p95_rows(spec.start_offset_s, spec.step_s)
        return trace

    def _tick(self, tick: int) -> None:
        joints = self.world.joint_state()
        now_ns = joints.stamp_ns
        if tick % self.look_every == 0:
            self._look()
        if self.correction is not None:
            self.correction.look(tick, self.world, self.plan.instruction)
        value = self.streamer.tick(now_ns, joints.positions, Gate.OPEN)
        assert value is not None, "the joints were measured"
        self.world.set_joint_targets(value)
        self.trace.setpoints.append(value)
        self.trace.planned.append(self.streamer.planned(now_ns))
        self.trace.states.append(self.streamer.state)
        self._accept(tick, now_ns)

    def _accept(self, tick: int, now_ns: int) -> None:
        """Follow what has come. An answer that is older than what was corrected meanwhile is not followed
        itself: its correction will be."""
        ready = self.inbox.take(now_ns)
        if self.correction is not None:
            for chunk in ready:
                self.correction.follow(chunk)
            corrections = self.correction.take(now_ns)
            self.trace.corrections += len(corrections)
            ready += corrections
        for chunk in ready:
            if self.streamer.accept(chunk, now_ns):
                self.trace.splices.append(tick)
                self.trace.seen.append((chunk.stamp_ns, now_ns + round(self.streamer.period_s * NS_PER_S)))
                self.trace.jumps.append(self.streamer.splice_jump)

    def _look(self) -> None:
        observation = observe(self.world, () if self._is_busy() else self.cameras, self.plan.instruction)
        if not self.session.look(observation).is_due:
            return
        prefix_of = self.timing.prefix if self.is_carried_on else _nothing
        chunk = answer_after(self.backend, observation, prefix_of)
        self.timing.note(chunk, observation.stamp_ns)
        self.inbox.put(chunk)

    def _is_busy(self) -> bool:
        """No inference is due: pictures that nobody looks at need not be drawn."""
        return not self.session.is_due_at(self.world.time_ns)


def _nothing(stamp_ns: int) -> None:
    """Nothing to carry on from."""
