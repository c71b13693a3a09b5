"""A planar laser scanner, by casting rays into the scene."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.sim.world import Scan

BEAMS = 360
RANGE_MIN_M = 0.12
RANGE_MAX_M = 8.0


class Scanner:
    """Sweeps a full turn from the site `scanner`; the body that carries it is not seen.

    Args:
        model: compiled model with that site.
        data: its state.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        self._model, self._data = model, data
        self._site = model.site("scanner").id
        self._body = int(model.site_bodyid[self._site])
        self._step_rad = 2 * np.pi / BEAMS
        angles = -np.pi + self._step_rad * np.arange(BEAMS)
        self._directions = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(BEAMS)])

    def sweep(self) -> Scan:
        """All beams at one instant."""
        rotation = self._data.site_xmat[self._site].reshape(3, 3)
        directions = np.ascontiguousarray(self._directions @ rotation.T)
        distances = np.full(BEAMS, -1.0)
        geoms = np.zeros(BEAMS, np.int32)
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
            BEAMS,
            RANGE_MAX_M,
        )
        is_echo = (distances >= RANGE_MIN_M) & (distances <= RANGE_MAX_M)
        ranges = np.where(is_echo, distances, np.inf)
        return Scan(-np.pi, self._step_rad, RANGE_MIN_M, RANGE_MAX_M, ranges)
