"""A whole motion of joints as it was sent: points in time, content unchecked; free of ROS."""

from __future__ import annotations

from dataclasses import dataclass

from noetra_ros.core.types import FloatArray


@dataclass(frozen=True)
class TrajectoryPoint:
    """Where the joints are to be at one time.

    Attributes:
        time_s: s since the start of the trajectory.
        positions: (k,) rad or m, in the order of the trajectory's names.
        velocities: (k,) per s; empty = not said.
        accelerations: (k,) per s2; empty = not said.
    """

    time_s: float
    positions: FloatArray
    velocities: FloatArray
    accelerations: FloatArray


@dataclass(frozen=True)
class Trajectory:
    """A trajectory as it arrived; may hold NaN, wrong sizes and times: the supervisor judges that.

    Attributes:
        names: (k) joints.
        points: in the order in which they came; none = what is under way is cancelled.
        arrival_ns: when it arrived, on the clock that time-outs run on.
        stamp_ns: its start on the ROS clock; None = as soon as possible.
    """

    names: tuple[str, ...]
    points: tuple[TrajectoryPoint, ...]
    arrival_ns: int
    stamp_ns: int | None = None
