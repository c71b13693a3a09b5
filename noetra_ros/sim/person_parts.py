"""Somebody at one instant, as parts of a scene."""

from __future__ import annotations

import numpy as np

from noetra_ros.sim.person_figure import quats_along_z
from noetra_ros.sim.person_looks import person_colours
from noetra_ros.sim.person_paths import PersonPath
from noetra_ros.sim.scene_description import Capsule, PersonPart, pose_from, rgb_from


def person_at(seed: int, kind: str, time_s: float) -> tuple[PersonPart, ...]:
    """The person of an episode at a time since its start; nobody before they come and after they have gone.

    Raises:
        ConfigError: unknown kind.
    """
    path = PersonPath(seed, kind)
    if not path.is_present(time_s):
        return ()
    segments = path.segments(np.array([time_s]))[0]
    ways = segments[:, 1] - segments[:, 0]
    colours = person_colours(seed)
    poses = np.hstack([segments.mean(axis=1), quats_along_z(ways)])
    halves = 0.5 * np.linalg.norm(ways, axis=1)
    rows = zip(colours.items(), path.radii_m.tolist(), halves.tolist(), poses, strict=True)
    return tuple(
        PersonPart(f"person_{name}", Capsule(radius, half), pose_from(pose), rgb_from(rgb))
        for (name, rgb), radius, half, pose in rows
    )
