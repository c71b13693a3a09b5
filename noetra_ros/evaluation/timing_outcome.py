"""All episodes of one condition: as planned, and where wanted once more with the cube moved on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from noetra_ros.evaluation.moved_cube import CubeShifts, ShiftRange
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.shift_result import ShiftedEpisode, shifted_numbers
from noetra_ros.evaluation.timed_loop import Condition, TimedLoop
from noetra_ros.evaluation.timing_result import TimedEpisode, episode_numbers
from noetra_ros.sim.kinematics import ArmKinematics


@dataclass
class Outcome:
    """Numbers of the episodes so far.

    Attributes:
        episodes: as planned.
        shifted: the same with the cube moved; empty where that was not wanted.
    """

    episodes: list[TimedEpisode] = field(default_factory=list)
    shifted: list[ShiftedEpisode] = field(default_factory=list)

    def add(self, loop: TimedLoop, plan: EpisodePlan, condition: Condition, is_shifted: bool = False) -> None:
        """Run one plan, twice where the cube is to be moved: the first run is the twin of the second."""
        twin = loop.run(plan, condition)
        self.episodes.append(episode_numbers(plan, twin, loop.period_s))
        if is_shifted:
            shifts = CubeShifts(ShiftRange(), plan.colour, plan.seed)
            trace = loop.run(plan, condition, shifts)
            kinematics = ArmKinematics(loop.profile)
            self.shifted.append(shifted_numbers(plan, trace, twin, shifts, kinematics, loop.period_s))
