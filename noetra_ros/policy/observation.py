"""Takes out of an observation exactly what a spec asks for, or says what is missing."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import CameraFrame, FloatArray, ImageArray, JointState, Observation
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.history import History
from noetra_ros.policy.spec import CameraNeed


def joints_in_order(observation: Observation, names: tuple[str, ...]) -> FloatArray:
    """Measured positions of the named joints.

    Returns:
        (n,) rad, order of `names`.

    Raises:
        PolicyError: a joint is missing or its position is not finite.
    """
    return _positions(observation.joints, names)


def joints_over_time(observation: Observation, names: tuple[str, ...], history: History) -> FloatArray:
    """Measured positions at the instants that a policy looks back to.

    Returns:
        (history.count, n) rad, oldest first, order of `names`.

    Raises:
        PolicyError: an instant or a joint is missing, or a position is not finite.
    """
    states = (*observation.past_joints, observation.joints)
    if len(states) != history.count:
        raise PolicyError(f"observation has joints at {len(states)} instants, expected {history.count}")
    return np.stack([_positions(state, names) for state in states])


def picture(observation: Observation, need: CameraNeed) -> ImageArray:
    """The frame of one camera.

    Returns:
        (height, width, 3) uint8, red first.

    Raises:
        PolicyError: no frame, or one of another size where the model does not resize by itself.
    """
    frame = observation.frames.get(need.name)
    if frame is None:
        known = ", ".join(observation.frames) or "none"
        raise PolicyError(f"observation lacks camera {need.name!r}; it has {known}")
    return _checked(frame, need)


def pictures(observation: Observation, need: CameraNeed) -> list[ImageArray]:
    """The frames of one camera at the instants that a policy looks back to.

    Returns:
        history.count times (height, width, 3) uint8, oldest first.

    Raises:
        PolicyError: an instant is missing, or a frame does not fit.
    """
    if need.history.count == 1:
        return [picture(observation, need)]
    video = observation.videos.get(need.name, ())
    if len(video) != need.history.count:
        got = f"{len(video)} frames of camera {need.name!r}"
        raise PolicyError(f"observation has {got}, expected {need.history.count}")
    return [_checked(frame, need) for frame in video]


def _positions(state: JointState, names: tuple[str, ...]) -> FloatArray:
    missing = [name for name in names if name not in state.names]
    if missing:
        raise PolicyError(f"observation lacks joints {', '.join(missing)}; it has {', '.join(state.names)}")
    index = [state.names.index(name) for name in names]
    positions = np.asarray(state.positions, dtype=np.float64)[index]
    if not np.isfinite(positions).all():
        raise PolicyError(f"joint positions are not finite: {positions.tolist()} rad")
    return positions


def _checked(frame: CameraFrame, need: CameraNeed) -> ImageArray:
    expected = (need.height_px, need.width_px, 3)
    fits = frame.rgb.shape == expected or (need.resizes_itself and frame.rgb.ndim == 3)
    if not fits or frame.rgb.dtype != np.uint8:
        raise PolicyError(
            f"camera {need.name!r}: got {frame.rgb.shape} {frame.rgb.dtype}, expected {expected} uint8"
        )
    return frame.rgb
