"""A planar laser scanner, by casting rays into the scene."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.robots.simulation import Chassis
from noetra_ros.sim.world import Scan


class Scanner:
    """Sweeps a full turn from the site `scanner`; the body that carries it is not seen.

    Args:
        model: compiled model with that site.
        data: its state.
        chassis: what carries it.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData, chassis: Chassis) -> None:
        self._model, self._data, self._chassis = model, data, chassis
        self._site = model.site("scanner").id
        self._body = int(model.site_bodyid[self._site])
        self._step_rad = 2 * np.pi / chassis.scan_beams
        angles = -np.pi + self._step_rad * np.arange(chassis.scan_beams)
        self._directions = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(chassis.scan_beams)])

    def sweep(self) -> Scan:
        """All beams at one instant."""
        rotation = self._data.site_xmat[self._site].reshape(3, 3)
        directions = np.ascontiguousarray(self._directions @ rotation.T)
        beams, nearest, farthest = (
            self._chassis.scan_beams,
            self._chassis.scan_lower_m,
            self._chassis.scan_upper_m,
        )
        distances = np.full(beams, -1.0)
        geoms = np.zeros(beams, np.int32)
        mujoco.mj_multiRay(
            self._model,
            self._data,
            self._data.site_xpos[self._site],
            directions.ravel(),
            None,
            True,
            self._body,
            geoms,
            distances,
            None,
            beams,
            farthest,
        )
        is_echo = (distances >= nearest) & (distances <= farthest)
        ranges = np.where(is_echo, distances, np.inf)
        return Scan(-np.pi, self._step_rad, nearest, farthest, ranges)
