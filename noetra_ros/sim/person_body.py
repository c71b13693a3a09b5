"""A person in the MuJoCo model: mocap capsules that follow a path, are felt by the arm and push nothing."""

from __future__ import annotations

from collections.abc import Sequence

import mujoco
import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.arm_model import ARM_BIT
from noetra_ros.sim.person_figure import PARTS, quats_along_z, reach_beyond_trunk_m
from noetra_ros.sim.person_looks import person_colours
from noetra_ros.sim.person_paths import PersonPath
from noetra_ros.sim.rendering import HIDDEN_GROUP
from noetra_ros.sim.scene_description import PersonPart
from noetra_ros.sim.scenes.table import NOWHERE_M

VISIBLE_GROUP = 0
# A touch is sensed at zero distance and makes no force: MuJoCo reports contacts nearer than margin + gap and
# pushes those nearer than margin. A body that follows a path has no mass to give way, so any force would
# throw the arm about; what counts is where and how fast the arm touched, and that force would only blur it.
MARGIN_M, GAP_M = -1.0, 1.0
BLOCK_STEPS = 250
HANGING_M = 0.10  # beyond the trunk, seen from above; hands that hang stay within it, those that reach do not


def add_person(spec: mujoco.MjSpec, parts: Sequence[PersonPart]) -> None:
    """Adds a body for each part, unseen until somebody comes; for models with an arm."""
    for part in parts:
        place = {"pos": part.pose.position_m, "quat": part.pose.quat_wxyz}
        body = spec.worldbody.add_body(name=part.name, mocap=True, **place)
        body.add_geom(
            name=part.name,
            type=mujoco.mjtGeom.mjGEOM_CAPSULE,
            size=[part.shape.radius_m, part.shape.half_length_m, 0.0],
            contype=0,
            conaffinity=ARM_BIT,
            margin=MARGIN_M,
            gap=GAP_M,
            group=HIDDEN_GROUP,
        )


class PersonBody:
    """Puts a person's parts where the path says. Use it from one thread.

    Args:
        model: compiled model that has the parts; their sizes and colours are changed.
        data: state whose mocap bodies are moved.

    Attributes:
        geoms: (k,) of the parts.
        path: of this episode's person; None = nobody.
        is_present: the person is there now.
        segments_m: (k, 2, 3) end centres where the person was last put, base frame.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        self._model, self._data = model, data
        self.geoms = np.array([model.geom(f"person_{part}").id for part in PARTS])
        self._mocap = np.array([model.body(f"person_{part}").mocapid[0] for part in PARTS])
        self._step_s = float(model.opt.timestep)
        self.path: PersonPath | None = None
        self.is_present = False
        self.segments_m = self._before_m = np.zeros((len(PARTS), 2, 3))
        self._has_moved = False
        self._block = -1

    def reset(self, seed: int, kind: str) -> None:
        """Somebody for the next episode, or nobody where `kind` is empty.

        Raises:
            ConfigError: unknown kind.
        """
        self.path = PersonPath(seed, kind) if kind else None
        self._block = -1
        self._leave()
        if self.path is None:
            return
        segments = self.path.segments(np.zeros(1))[0]
        half_m = 0.5 * np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1)
        self._model.geom_size[self.geoms, :2] = np.stack([self.path.radii_m, half_m], axis=1)
        self._model.geom_rbound[self.geoms] = self.path.radii_m + half_m
        extents = np.stack([self.path.radii_m, self.path.radii_m, self.path.radii_m + half_m], axis=1)
        self._model.geom_aabb[self.geoms, 3:] = extents
        for geom, rgb in zip(self.geoms, person_colours(seed).values(), strict=True):
            self._model.geom_rgba[geom, :3] = rgb

    def move_to_step(self, number: int) -> None:
        """Where the person is `number` physics steps after the start of the episode."""
        block, row = divmod(number, BLOCK_STEPS)
        if self._comes_or_is_there(number * self._step_s):
            if block != self._block:  # worked out for many steps at once: hardly dearer than for one
                steps = block * BLOCK_STEPS + np.arange(BLOCK_STEPS)
                self._block, self._block_poses = block, self._poses(self._step_s * steps)
            self._put(row, self._block_poses)

    def move_to_time(self, time_s: float) -> None:
        """Where the person is at any time since the start of the episode, for pictures."""
        if self._comes_or_is_there(time_s):
            self._put(0, self._poses(np.array([time_s])))

    def velocity_at(self, part: str, point_m: FloatArray) -> FloatArray:
        """(3,) m/s of a part at a point near it, base frame; where the last two steps were consecutive."""
        index = PARTS.index(part)
        start, end = self.segments_m[index]
        share = np.clip(
            (point_m - start) @ (end - start) / max((end - start) @ (end - start), 1e-9), 0.0, 1.0
        )
        moved = (self.segments_m[index] - self._before_m[index]) / self._step_s
        return (1.0 - share) * moved[0] + share * moved[1]

    def reaching_hands(self) -> tuple[str, ...]:
        """Hands, with their forearms, that reach out; one that hangs is a part of the person and no more."""
        if self.path is None or not self.is_present:
            return ()
        reach_m = reach_beyond_trunk_m(self.segments_m, self.path.radii_m)
        return tuple(f"{side}_hand" for side, reach in reach_m.items() if reach > HANGING_M)

    def _comes_or_is_there(self, time_s: float) -> bool:
        """Whether there is somebody; shows them when they come, and hides them when they go."""
        is_there = self.path is not None and self.path.is_present(time_s)
        if is_there and not self.is_present:
            self._come()
        if self.is_present and not is_there:
            self._leave()
        return is_there

    def _put(self, row: int, poses: tuple[FloatArray, FloatArray, FloatArray]) -> None:
        segments, centres, quats = poses
        self._before_m = self.segments_m if self._has_moved else segments[row]
        self.segments_m, self._has_moved = segments[row], True
        self._data.mocap_pos[self._mocap], self._data.mocap_quat[self._mocap] = centres[row], quats[row]

    def _poses(self, times_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(T, k, 2, 3) segments, (T, k, 3) centres and (T, k, 4) turns wxyz."""
        assert self.path is not None, "somebody is there"
        segments = self.path.segments(times_s)
        return segments, segments.mean(axis=2), quats_along_z(segments[:, :, 1] - segments[:, :, 0])

    def _come(self) -> None:
        self.is_present = True
        self._model.geom_group[self.geoms] = VISIBLE_GROUP
        self._model.geom_conaffinity[self.geoms] = ARM_BIT

    def _leave(self) -> None:
        self.is_present = self._has_moved = False
        self._model.geom_group[self.geoms] = HIDDEN_GROUP
        self._model.geom_conaffinity[self.geoms] = 0
        self._data.mocap_pos[self._mocap] = NOWHERE_M
