"""People: the protective distance of ISO/TS 15066 5.5.4 and the contact speed of its Annex A, once more.

Written from the standard, solved for the speed in closed form where safety/ looks it up in a table. The stop
is taken as short as the limits allow (no jerk, no delay of the supervisor but one period): what this refuses,
every honest formula refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from noetra_ros.core.config import read_yaml
from noetra_ros.core.obstacles import Obstacle, ObstacleKind, ObstacleScene, SensorVerdict, Shape
from noetra_ros.core.resources import config_file
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import NS_PER_S, Bounds
from noetra_ros.evaluation.fuzz.chain import Chain
from noetra_ros.robots.link_capsules import fitted_capsules

AHEAD_S = 0.02  # stamps of another machine, kept in step
SLACK_M = 1e-6
COUNTED_AS_PEOPLE = (ObstacleKind.PERSON, ObstacleKind.UNKNOWN)


@dataclass(frozen=True)
class Pairs:
    """k instants, l moving links, p people.

    Attributes:
        distance_m: (k, l, p) between the surfaces.
        towards: (2, k, l, p, d) m/rad of both ends of each link towards the person.
        human_mps: (k, l, p) measured speed of the person towards the link.
    """

    distance_m: FloatArray
    towards: FloatArray
    human_mps: FloatArray

    def at(self, which: Any) -> Pairs:
        """The same at further instants: `which` (m,) of the k."""
        return Pairs(self.distance_m[which], self.towards[:, which], self.human_mps[which])


class Body:
    """The moving links as capsules, posed by our own kinematics; their sizes are those of the mesh fit.

    Args:
        bounds: of the channel.
    """

    def __init__(self, bounds: Bounds) -> None:
        profile = bounds.profile
        assert profile.urdf_path is not None
        self.chain = Chain(profile.urdf_path, profile.joint_names, profile.base_frame)
        fitted = {**fitted_capsules(profile.urdf_path), **profile.body}
        self._capsules = {link: capsule for link, capsule in fitted.items() if self.chain.moves(link)}
        self._bounds = bounds

    def pairs(self, postures: FloatArray, people: Sequence[Obstacle]) -> Pairs:
        """All pairs at (k, j) postures."""
        places = [(link, end) for link, c in self._capsules.items() for end in (c.start_m, c.end_m)]
        points = self.chain.points(places, postures)
        turns = [g[:, :, list(self._bounds.joints_at)] for g in self.chain.gradients(places, postures)]
        rows = [
            [
                self._pair(points[2 * i : 2 * i + 2], turns[2 * i : 2 * i + 2], c.radius_m, person)
                for person in people
            ]
            for i, c in enumerate(self._capsules.values())
        ]
        distance, towards, human = (
            np.stack([np.stack([pair[part] for pair in row], axis=-1) for row in rows], axis=1)
            for part in range(3)
        )
        moved = np.moveaxis(towards, -1, -2)  # (k, l, 2, d, p) -> (k, l, 2, p, d)
        return Pairs(distance, np.moveaxis(moved, 2, 0), human)

    def _pair(
        self, ends: list[FloatArray], turns: list[FloatArray], radius_m: float, person: Obstacle
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        first, second, thickness_m = capsule_of(person)
        ours, theirs = nearest(ends[0], ends[1], first, second)
        gap = theirs - ours
        length_m = np.linalg.norm(gap, axis=1)
        way = gap / np.maximum(length_m, 1e-9)[:, None]
        towards = np.stack([np.einsum("ki,kid->kd", way, turn) for turn in turns], axis=1)
        return length_m - radius_m - thickness_m, towards, -way @ person.velocity_mps


def capsule_of(person: Obstacle) -> tuple[FloatArray, FloatArray, float]:
    """Both ends (3,) and the thickness; a box by the capsule along its longest edge."""
    if person.shape is Shape.SPHERE:
        return person.position_m, person.position_m, float(person.size_m[0])
    x, y, z, w = person.quat_xyzw / np.linalg.norm(person.quat_xyzw)
    axes = np.array(  # columns: where the quaternion turns x, y, z to
        [
            [w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
        ]
    )
    if person.shape is Shape.CAPSULE:
        half, radius_m = 0.5 * person.size_m[1] * axes[:, 2], float(person.size_m[0])
    else:
        longest = int(np.argmax(person.size_m))
        rest = np.delete(person.size_m, longest)
        half, radius_m = 0.5 * person.size_m[longest] * axes[:, longest], 0.5 * float(np.hypot(*rest))
    return person.position_m - half, person.position_m + half, radius_m


def nearest(p: FloatArray, q: FloatArray, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nearest points of the segments p q (k, 3) and a b (3,): the best of the four ends against the other
    segment, and of the crossing of both lines.

    Returns:
        (k, 3) on p q and (k, 3) on a b.
    """
    k = len(p)
    a_all, b_all = np.broadcast_to(a, (k, 3)), np.broadcast_to(b, (k, 3))
    ours = [p, q, _foot(a_all, p, q), _foot(b_all, p, q)]
    theirs = [_foot(p, a_all, b_all), _foot(q, a_all, b_all), a_all, b_all]
    u, v, w = q - p, b_all - a_all, p - a_all
    cross = np.cross(u, v)
    size = np.maximum(np.einsum("ki,ki->k", cross, cross), 1e-18)
    s = np.einsum("ki,ki->k", np.cross(v, w), cross) / size
    t = np.einsum("ki,ki->k", np.cross(u, w), cross) / size
    ours.append(p + np.clip(s, 0, 1)[:, None] * u)
    theirs.append(a_all + np.clip(t, 0, 1)[:, None] * v)
    gaps = np.stack([np.linalg.norm(o - t, axis=1) for o, t in zip(ours, theirs, strict=True)])
    best = np.argmin(gaps, axis=0)
    rows = np.arange(k)
    return np.stack(ours)[best, rows], np.stack(theirs)[best, rows]


def _foot(point: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    along = end - start
    share = np.einsum("ki,ki->k", point - start, along) / np.maximum(
        np.einsum("ki,ki->k", along, along), 1e-18
    )
    return start + np.clip(share, 0.0, 1.0)[:, None] * along


def human_mps(pairs: Pairs, horizon_s: Any, person: Obstacle, column: int, bounds: Bounds) -> FloatArray:
    """(k, l) v_h of one person: assumed, or less where a sure track cannot speed up so far in time."""
    far, close = bounds.number("human_speed_mps"), bounds.number("near_human_speed_mps")
    distance_m, measured = pairs.distance_m[..., column], pairs.human_mps[..., column]
    may_reach = distance_m < bounds.number("near_distance_m") + far * horizon_s
    assumed = np.where(may_reach, max(far, close), far)
    is_sure = person.kind is ObstacleKind.PERSON and person.position_std_m <= bounds.number("max_track_std_m")
    known = np.isfinite(measured)
    speed = np.where(known, measured, 0.0)
    soon = np.maximum(speed, 0.0) + bounds.number("human_acceleration_mps2") * horizon_s
    believed = np.minimum(assumed, soon) if is_sure else assumed
    return np.where(known, np.maximum(speed, believed), assumed)


def fixed_m(person: Obstacle, bounds: Bounds) -> float:
    """C + Z_d + Z_r."""
    sensor_m = max(
        bounds.number("sensor_uncertainty_m"), bounds.number("uncertainty_factor") * person.position_std_m
    )
    return bounds.number("intrusion_m") + sensor_m + bounds.number("robot_uncertainty_m")


def needed_m(pairs: Pairs, reaction_s: Any, velocity: FloatArray, people: Any, bounds: Bounds) -> FloatArray:
    """(k, l, p) the least protective distance of the motion under way.

    Args:
        pairs: of links and people.
        reaction_s: (k, p) T_r.
        velocity: (k, d) of what was last sent.
        people: (p).
        bounds: thresholds.
    """
    stop_s = np.max(np.abs(velocity) / bounds.acceleration, axis=1)[:, None]
    travel = np.sign(velocity) * np.maximum(
        0.5 * velocity**2 / bounds.acceleration - 0.5 * np.abs(velocity) * bounds.period_s, 0.0
    )
    columns = []
    for i, person in enumerate(people):
        reaction = reaction_s[:, i, None]
        weights = pairs.towards[..., i, :]  # (2, k, l, d)
        robot_mps = np.maximum(np.einsum("ekld,kd->ekl", weights, velocity).max(axis=0), 0.0)
        braking_m = np.maximum(np.einsum("ekld,kd->ekl", weights, travel).max(axis=0), 0.0)
        walked_m = human_mps(pairs, reaction + stop_s, person, i, bounds) * (reaction + stop_s)
        columns.append(walked_m + robot_mps * reaction + braking_m + fixed_m(person, bounds))
    return np.stack(columns, axis=-1)


def allowed_share(pairs: Pairs, reaction_s: Any, people: Any, bounds: Bounds) -> FloatArray:
    """(k,) the largest share s of the speed limits that the distances leave: the root of
    ``v_h (T_r + s t) + s v T_r + s^2 b = d - C - Z_d - Z_r``, with t, v, b of a motion at full speed.
    """
    stop_s = float(np.max(bounds.velocity / bounds.acceleration))
    shares = [np.ones(pairs.distance_m.shape[0])]
    for i, person in enumerate(people):
        reaction = reaction_s[:, i, None]
        reach = np.abs(pairs.towards[..., i, :]).max(axis=0)  # (k, l, d)
        full_mps = reach @ bounds.velocity
        # Less than one period of travel is left out, as for every stop here.
        braking_m = reach @ (0.5 * bounds.velocity**2 / bounds.acceleration)
        speed = human_mps(pairs, reaction, person, i, bounds)
        room = pairs.distance_m[..., i] - fixed_m(person, bounds) - speed * reaction
        linear = speed * stop_s + full_mps * reaction - 0.5 * full_mps * bounds.period_s
        root = (-linear + np.sqrt(np.maximum(linear**2 + 4.0 * braking_m * np.maximum(room, 0.0), 0.0))) / (
            2.0 * np.maximum(braking_m, 1e-12)
        )
        shares.append(np.where(room > 0.0, np.clip(root, 0.0, 1.0), 0.0).min(axis=1))
    return np.min(shares, axis=0)


def contact_share(pairs: Pairs, moving_kg: float, bounds: Bounds) -> FloatArray:
    """(k,) share of the speed limits that contact leaves to links nearer than `contact_distance_m`; NaN = may
    not be hit at all.
    """
    limit_mps = contact_mps(moving_kg, bounds)
    reach = np.abs(pairs.towards).max(axis=0)  # (k, l, p, d)
    fastest = np.where(
        pairs.distance_m <= bounds.number("contact_distance_m") - SLACK_M, reach @ bounds.velocity, 0.0
    ).max(axis=(1, 2))
    share = np.where(fastest > 0.0, np.minimum(1.0, limit_mps / np.maximum(fastest, 1e-9)), 1.0)
    return np.where((fastest > 0.0) & (limit_mps <= 0.0), np.nan, share)


def contact_mps(moving_kg: float, bounds: Bounds) -> float:
    """Slowest of the declared regions: kinetic energy of the reduced mass = energy of the region's spring at
    its transient force, ``m v^2 / 2 = F^2 / 2 k``.
    """
    regions = _regions(bounds.settings["body_regions"])
    robot_kg = 0.5 * moving_kg + bounds.number("payload_kg")
    area_m2 = bounds.number("contact_area_cm2") / 1e4
    speeds = []
    for name in bounds.settings["contact_regions"]:
        region = regions[name]
        force_n = 2.0 * min(region["force_n"]["value"], region["pressure_n_cm2"]["value"] * 1e4 * area_m2)
        mass_kg = robot_kg * region["mass_kg"]["value"] / (robot_kg + region["mass_kg"]["value"])
        energy_j = force_n**2 / (2.0 * region["spring_n_mm"]["value"] * 1e3)
        speeds.append(float(np.sqrt(2.0 * energy_j / mass_kg)) if region["may_be_hit"] else 0.0)
    return min(speeds)


@cache
def _regions(name: str) -> dict[str, Any]:
    regions: dict[str, Any] = read_yaml(config_file("", name))["regions"]
    return regions


def sensors_say(scene: ObstacleScene, bounds: Bounds) -> tuple[bool, float]:
    """(must stop, share of the speed limits) for what a scene says of its sensors."""
    words = dict(entry.replace(" ", "").split("=") for entry in bounds.settings["sensor_reactions"])
    reactions = {words[r.verdict.name.lower()] for r in scene.sensors if r.verdict is not SensorVerdict.OK}
    if not scene.sensors or "stop" in reactions:
        return True, 0.0
    return False, bounds.number("sensor_slow_scale") if "slow" in reactions else 1.0


def scene_age_s(now_ns: Any, heard_at_ns: Any, delay_s: Any) -> Any:
    """s since the sensor data."""
    return (now_ns - heard_at_ns) / NS_PER_S + delay_s
