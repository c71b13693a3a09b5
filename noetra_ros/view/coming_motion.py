"""What a chunk means in space: the postures that it leads through, from where the robot is now."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from noetra_ros.core.types import ActionChunk, CommandKind, FloatArray

Pose2 = tuple[float, float, float]


def joint_postures(chunk: ActionChunk, joints: Mapping[str, float]) -> list[dict[str, float]]:
    """Joint positions at each row of a chunk; empty for a chunk that moves no joints.

    Args:
        chunk: rad or rad/s by its kind.
        joints: measured, rad or m by name; those that the chunk does not name stay.
    """
    if chunk.kind is CommandKind.JOINT_POSITION:
        rows = chunk.values
    elif chunk.kind is CommandKind.JOINT_VELOCITY:
        now = np.array([joints.get(name, 0.0) for name in chunk.names])
        rows = now + np.cumsum(chunk.values, axis=0) * chunk.step_s
    else:
        return []
    return [dict(joints) | dict(zip(chunk.names, map(float, row), strict=True)) for row in rows]


def base_path(chunk: ActionChunk, pose: Pose2) -> FloatArray:
    """(k + 1, 2) m, way of a base that follows a chunk of twists; only where it stands for another kind.

    Args:
        chunk: vx, vy (m/s) and wz (rad/s) in the frame of the base.
        pose: x, y (m) and yaw (rad) now.
    """
    x, y, yaw = pose
    points = [(x, y)]
    if chunk.kind is CommandKind.BASE_TWIST:
        for row in chunk.values:
            speed = dict(zip(chunk.names, map(float, row), strict=True))
            forward, sideways = speed.get("vx", 0.0), speed.get("vy", 0.0)
            x += (forward * np.cos(yaw) - sideways * np.sin(yaw)) * chunk.step_s
            y += (forward * np.sin(yaw) + sideways * np.cos(yaw)) * chunk.step_s
            yaw += speed.get("wz", 0.0) * chunk.step_s
            points.append((float(x), float(y)))
    return np.array(points)
