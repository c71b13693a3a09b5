"""Takes out of an observation exactly what a spec asks for, or says what is missing."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray, ImageArray, Observation
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.spec import CameraNeed


def joints_in_order(observation: Observation, names: tuple[str, ...]) -> FloatArray:
    """Measured positions of the named joints.

    Returns:
        (n,) rad, order of `names`.

    Raises:
        PolicyError: a joint is missing or its position is not finite.
    """
    state = observation.joints
    missing = [name for name in names if name not in state.names]
    if missing:
        raise PolicyError(f"observation lacks joints {', '.join(missing)}; it has {', '.join(state.names)}")
    index = [state.names.index(name) for name in names]
    positions = np.asarray(state.positions, dtype=np.float64)[index]
    if not np.isfinite(positions).all():
        raise PolicyError(f"joint positions are not finite: {positions.tolist()} rad")
    return positions


def picture(observation: Observation, need: CameraNeed) -> ImageArray:
    """The frame of one camera.

    Returns:
        (height, width, 3) uint8, red first.

    Raises:
        PolicyError: no frame, or one of another size.
    """
    frame = observation.frames.get(need.name)
    if frame is None:
        known = ", ".join(observation.frames) or "none"
        raise PolicyError(f"observation lacks camera {need.name!r}; it has {known}")
    expected = (need.height_px, need.width_px, 3)
    if frame.rgb.shape != expected or frame.rgb.dtype != np.uint8:
        raise PolicyError(
            f"camera {need.name!r}: got {frame.rgb.shape} {frame.rgb.dtype}, expected {expected} uint8"
        )
    return frame.rgb
