"""What the physics knows of robot and person: how near they are, who touched whom, and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.person_body import PersonBody
from noetra_ros.sim.person_figure import PART_REGIONS, PARTS


@dataclass
class Touch:
    """One touch of a link of the robot and a part of the person.

    Attributes:
        time_s: simulated time of its first instant, the clock of the stamps.
        end_s: of its last instant.
        link: of the robot.
        part: of the person.
        region: body region of that part, ISO/TS 15066.
        speed_mps: at the first instant, how fast the touched point of the link moves towards the person;
            negative = it moves away and the person came after it.
        closing_mps: the same relative to the person's own motion.
        highest_mps: highest `speed_mps` while the touch lasted.
    """

    time_s: float
    end_s: float
    link: str
    part: str
    region: str
    speed_mps: float
    closing_mps: float
    highest_mps: float


class PersonWatch:
    """Watches one person and the moving links of one robot. Use it from the world's thread.

    Links are their collision shapes. A touch is a contact that MuJoCo reports; it makes no force
    (sim/person_body.py says why), so a robot that goes on moving goes on being counted.

    Args:
        model: compiled model with arm and person.
        data: state, as `mj_step` leaves it: contacts and speeds of the instant that the step began with.
        body: the person.
        arm_geoms: collision shapes of the moving links.
    """

    def __init__(
        self, model: mujoco.MjModel, data: mujoco.MjData, body: PersonBody, arm_geoms: Sequence[int]
    ) -> None:
        self._model, self._data, self._body = model, data, body
        self._arm = np.asarray(arm_geoms)
        self._part_of = {int(geom): part for geom, part in zip(body.geoms, PARTS, strict=True)}
        self._is_person = np.zeros(model.ngeom, bool)
        self._is_person[body.geoms] = True
        self._is_arm = np.zeros(model.ngeom, bool)
        self._is_arm[self._arm] = True
        self._lasting: dict[tuple[int, str], Touch] = {}
        self._touches: list[Touch] = []

    def reset(self) -> None:
        """Forget the episode before."""
        self._lasting, self._touches = {}, []

    @property
    def kind(self) -> str:
        """Of the person of this episode; empty = nobody."""
        return self._body.path.kind if self._body.path else ""

    @property
    def is_present(self) -> bool:
        """False before the person has come and after they have gone."""
        return self._body.is_present

    @property
    def segments_m(self) -> FloatArray:
        """(k, 2, 3) end centres of the capsules, base frame; valid while present."""
        return self._body.segments_m

    @property
    def radii_m(self) -> FloatArray:
        """(k,) radii of the capsules; valid where there is a person."""
        assert self._body.path is not None, "there is a person"
        return self._body.path.radii_m

    @property
    def touches(self) -> tuple[Touch, ...]:
        """All touches of the episode so far, by their first instants."""
        return tuple(self._touches)

    def take_step(self, time_s: float) -> None:
        """Look for touches after a physics step.

        Args:
            time_s: simulated time.
        """
        if not self._body.is_present:
            self._lasting = {}
            return
        now: dict[tuple[int, str], Touch] = {}
        pairs = self._data.contact.geom[: self._data.ncon]
        for index in np.flatnonzero(self._is_person[pairs].any(axis=1) & self._is_arm[pairs].any(axis=1)):
            self._take_contact(int(index), time_s, now)
        self._lasting = now

    def _take_contact(self, index: int, time_s: float, now: dict[tuple[int, str], Touch]) -> None:
        contact = self._data.contact[index]
        first, second = (int(geom) for geom in contact.geom)
        towards = contact.frame[:3]  # from the first to the second
        if self._is_person[first]:
            first, second, towards = second, first, -towards
        link, part = int(self._model.geom_bodyid[first]), self._part_of[second]
        speed = float(towards @ self._link_velocity(link, contact.pos))
        closing = speed - float(towards @ self._body.velocity_at(part, contact.pos))
        key = (link, part)
        touch = now.get(key) or self._lasting.get(key)
        if touch is None:
            name = self._model.body(link).name
            touch = Touch(time_s, time_s, name, part, PART_REGIONS[part], speed, closing, speed)
            self._touches.append(touch)
        elif touch.time_s == time_s:  # several contact points of one pair: the fastest counts
            touch.speed_mps, touch.closing_mps = max(touch.speed_mps, speed), max(touch.closing_mps, closing)
        touch.end_s, touch.highest_mps = time_s, max(touch.highest_mps, speed)
        now[key] = touch

    def _link_velocity(self, body: int, point_m: FloatArray) -> FloatArray:
        """(3,) m/s of a link's point, base frame."""
        twist = np.zeros(6)
        kind = mujoco.mjtObj.mjOBJ_XBODY.value
        mujoco.mj_objectVelocity(self._model, self._data, kind, body, twist, 0)
        return twist[3:] + np.cross(twist[:3], point_m - self._data.xpos[body])

    def distance_m(self) -> float:
        """Smallest distance of a moving link and the person; 0 = they touch, infinite = nobody is there."""
        if not self._body.is_present:
            return np.inf
        arm, person = self._arm, self._body.geoms
        centres, reach = self._data.geom_xpos, self._model.geom_rbound
        apart = np.linalg.norm(centres[arm, None] - centres[None, person], axis=-1)
        least = (apart - reach[arm, None] - reach[None, person]).ravel()
        nearest = np.inf
        for pair in np.argsort(least):
            if least[pair] >= nearest:
                break
            row, column = divmod(int(pair), len(person))
            limit = min(nearest, 10.0)
            found = mujoco.mj_geomDistance(
                self._model, self._data, int(arm[row]), int(person[column]), limit, None
            )
            nearest = min(nearest, max(0.0, found))
        return float(nearest)
