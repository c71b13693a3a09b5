"""Carries out whole trajectories for the supervisor: takes one, judges it, gives its setpoints one by one.

What is under way is stopped first, under control; then the new trajectory is judged from where the robot
rests. It is over when it is done, given up, replaced or cancelled, and when the supervisor stops for
anything: nothing of it goes on by itself later.
"""

from __future__ import annotations

from enum import Enum, auto

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import FloatArray
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.trajectory.follower import Follower, Step
from noetra_ros.safety.trajectory.judging import Rehearsal, judge_limits, judge_start
from noetra_ros.safety.trajectory.path import Path
from noetra_ros.safety.trajectory.reading import Plan, read
from noetra_ros.safety.trajectory.telling import cancelled, dropped, refused, told
from noetra_ros.safety.verdict import Verdict


class Phase(Enum):
    """How far the newest trajectory is."""

    NONE = auto()
    BRAKING = auto()
    JUDGING = auto()
    RUNNING = auto()


class Execution:
    """At most one trajectory of one channel.

    Args:
        limits: of the channel.
        motion: what was last sent.
        projection: barriers; None = none.

    Attributes:
        is_command_awaited: commands are to keep coming. Not so from a trajectory on until a single command
            comes: it moves the robot by itself and leaves it at rest.
    """

    def __init__(self, limits: ChannelLimits, motion: ChannelMotion, projection: Projection | None) -> None:
        self._limits, self._motion, self._projection = limits, motion, projection
        self._verdicts: list[Verdict] = []
        self.restart()

    def restart(self) -> None:
        """The robot is armed and rests. A channel that takes trajectories waits for the first one."""
        self.is_command_awaited = not self._limits.takes_trajectories
        self._phase = Phase.NONE
        self._plan: Plan | None = None
        self._rehearsal: Rehearsal | None = None
        self._follower: Follower | None = None

    @property
    def is_under_way(self) -> bool:
        """There is a trajectory, waiting, judged or carried out."""
        return self._plan is not None

    @property
    def is_braking(self) -> bool:
        """What is under way is to come to rest."""
        return self._phase is Phase.BRAKING

    def take_verdicts(self) -> list[Verdict]:
        """What is to be told since the last call."""
        taken, self._verdicts = self._verdicts, []
        return taken

    def take(self, trajectory: Trajectory, delay_s: float, hindrance: str) -> bool:
        """A trajectory arrives; whether it is to be judged. One without points cancels what is under way.

        Args:
            trajectory: content unchecked.
            delay_s: its age on arrival by its own stamp, below 0 = it starts later; 0 without a stamp.
            hindrance: why no command passes now; empty = they do.
        """
        plan = read(trajectory, delay_s, self._limits) if trajectory.points else None
        self._end("another one came" if plan is not None else "it is cancelled")
        if plan is None:
            self._verdicts.append(cancelled())
        elif isinstance(plan, Verdict):
            self._verdicts.append(plan)
        elif hindrance:
            self._verdicts.append(refused(hindrance))
        else:
            self._plan = plan
        self._phase = Phase.NONE if hindrance else Phase.BRAKING
        if not isinstance(plan, Verdict):
            self.is_command_awaited = False
        return self._plan is not None

    def give_way(self) -> None:
        """A single command came: the sender goes on with commands."""
        self._end("a single command came")
        self.is_command_awaited = True

    def stop(self, reason: str) -> None:
        """No command passes any more."""
        self._end(reason)

    def next(
        self,
        now_ns: int,
        speed_scale: float,
        joint_positions: FloatArray | None,
        scene: ObstacleScene | None = None,
    ) -> Step | None:
        """The setpoint of the next period; None = none is due.

        Args:
            now_ns: the instant.
            speed_scale: share of the speed limits that may be used, 0..1.
            joint_positions: (j,) measured, profile order; None = unknown.
            scene: what perception sees; None = nothing yet.
        """
        if self._phase is Phase.BRAKING and self._motion.is_at_rest:
            self._phase = Phase.NONE if self._plan is None else Phase.JUDGING
        if self._phase is Phase.JUDGING:
            self._judge(now_ns, joint_positions, scene)
        if self._follower is None:
            return None
        step = self._follower.next(speed_scale)
        if step.wanted is not None:
            return step
        if step.fault:
            self._end(step.fault)
            self._phase = Phase.BRAKING
        else:
            self._verdicts.append(told(f"the trajectory is done after {self._follower.time_s:.3f} s of path"))
            self._forget()
        return None

    def _judge(self, now_ns: int, joint_positions: FloatArray | None, scene: ObstacleScene | None) -> None:
        """A part of the judgement; begins the run when all is judged and its time has come."""
        plan = self._plan
        assert plan is not None
        found = None if self._rehearsal is not None else self._begin(plan, joint_positions, scene)
        rehearsal = self._rehearsal
        if found is None and rehearsal is not None:
            found = rehearsal.go_on()
        if found is not None:
            self._verdicts.append(found)
            self._forget()
        elif rehearsal is not None and rehearsal.is_over and now_ns >= plan.start_ns:
            path = rehearsal.path
            self._follower, self._phase = Follower(path, self._motion, self._limits), Phase.RUNNING
            count, left_s = len(plan.times_s), path.end_s - path.begin_s
            self._verdicts.append(told(f"a trajectory of {count} points begins, {left_s:.3f} s"))

    def _begin(
        self, plan: Plan, joint_positions: FloatArray | None, scene: ObstacleScene | None
    ) -> Verdict | None:
        """Begin the rehearsal, among the things that are seen now; why it is refused at once."""
        sent, limits = self._motion.sent(), self._limits
        path = Path(plan.spline(sent), plan.begun_s, limits)
        found = judge_start(path, sent, limits) or judge_limits(path, limits)
        if found is None:
            projection = None
            if self._projection is not None:
                self._projection.see(scene)
                projection = self._projection.twin()
            self._rehearsal = Rehearsal(path, limits, projection, joint_positions)
        return found

    def _end(self, reason: str) -> None:
        """What there is of a trajectory is over before its end."""
        if self._follower is not None:
            self._verdicts.append(dropped(reason, self._follower.time_s, self._follower.end_s))
        elif self._plan is not None:
            self._verdicts.append(dropped(reason, 0.0, float(self._plan.times_s[-1])))
        self._forget()

    def _forget(self) -> None:
        self._plan = self._rehearsal = self._follower = None
        self._phase = Phase.NONE
