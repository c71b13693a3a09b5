"""Runs the world `approach`: drives every path with one controller, counts contacts and productive time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.approach import ApproachWorld, Paths
from noetra_ros.evaluation.approach_control import Controller, Sight
from noetra_ros.evaluation.approach_motion import People, Tip

CHUNK = 2500
# Slower than this counts as standing.
STANDING_MPS = 1e-3


@dataclass(frozen=True)
class ApproachCount:
    """What one controller did.

    Attributes:
        paths: how many.
        contacts: paths on which robot and person met while the robot moved towards the person.
        fastest_contact_mps: the worst of them.
        productive_share: mean speed of the robot as a share of its limit.
        stopped_share: share of the time in a stop.
        closest_m: smallest true gap while the robot moved towards the person.
    """

    paths: int
    contacts: int
    fastest_contact_mps: float
    productive_share: float
    stopped_share: float
    closest_m: float


class Oracle:
    """Judges contact by the true positions; knows nothing of terms, ages or errors."""

    def __init__(self, world: ApproachWorld, paths: Paths) -> None:
        self._body_m = world.body_m + paths.intrusion_m
        self.is_contact = np.zeros(paths.count, dtype=bool)
        self.fastest_mps = 0.0
        self.closest_m = np.inf

    def look(self, person_m: FloatArray, tip_m: FloatArray, tip_mps: FloatArray) -> None:
        """One instant."""
        x, y = person_m[:, 0] - tip_m, person_m[:, 1]
        distance_m = np.hypot(x, y)
        directed_mps = tip_mps * x / np.maximum(distance_m, 1e-9)
        gap_m = distance_m - self._body_m
        is_moving = directed_mps > STANDING_MPS
        hits = is_moving & (gap_m <= 0.0)
        self.is_contact |= hits
        if hits.any():
            self.fastest_mps = max(self.fastest_mps, float(directed_mps[hits].max()))
        if is_moving.any():
            self.closest_m = min(self.closest_m, float(gap_m[is_moving].min()))


class Gate:
    """From the controller's answers to the scale in force: a stop lasts until the robot stands and its cause
    is gone for a while; the scale rises at a bounded rate. The same for every controller.
    """

    def __init__(self, world: ApproachWorld, count: int) -> None:
        self._world = world
        self._scale = np.ones(count)
        self._since_s = np.full(count, np.inf)
        self.is_stopped = np.zeros(count, dtype=bool)

    def scale(self, share: FloatArray, velocity_mps: FloatArray) -> FloatArray:
        """(n,) share of the speed limit to use now."""
        world, stops = self._world, share < 0.0
        self._since_s = np.where(stops, 0.0, self._since_s + world.step_s)
        is_over = (np.abs(velocity_mps) < 1e-9) & (self._since_s >= world.resume_after_s)
        self.is_stopped = (self.is_stopped & ~is_over) | stops
        risen = np.where(self.is_stopped, 0.0, self._scale + world.rise_per_s * world.step_s)
        self._scale = np.clip(np.minimum(share, risen), 0.0, 1.0)
        return self._scale


def run_approach(
    world: ApproachWorld,
    paths: Paths,
    controller: Controller,
    tell: Callable[[int], None] = lambda count: None,
    ends_at_contact: bool = False,
) -> ApproachCount:
    """Drive every path.

    Args:
        world: bounds.
        paths: drawn.
        controller: slows and stops the robot.
        tell: hears how many more paths are done.
        ends_at_contact: no more paths after the chunk with the first contact: enough to know that there are.
    """
    counts = []
    for start in range(0, paths.count, CHUNK):
        part = paths.part(slice(start, start + CHUNK))
        counts.append(_drive(world, part, controller))
        tell(part.count)
        if ends_at_contact and counts[-1].contacts:
            break
    total = sum(count.paths for count in counts)
    return ApproachCount(
        paths=total,
        contacts=sum(count.contacts for count in counts),
        fastest_contact_mps=max(count.fastest_contact_mps for count in counts),
        productive_share=sum(count.productive_share * count.paths for count in counts) / total,
        stopped_share=sum(count.stopped_share * count.paths for count in counts) / total,
        closest_m=min(count.closest_m for count in counts),
    )


def _drive(world: ApproachWorld, paths: Paths, controller: Controller) -> ApproachCount:
    people, tip, oracle = People(world, paths), Tip(world, paths), Oracle(world, paths)
    gate = Gate(world, paths.count)
    moved_m = stopped = 0.0
    for index in range(1, world.steps + 1):
        now_s = index * world.step_s
        people.step(now_s, tip.true_m)
        sight = _look(world, paths, people, tip, now_s)
        tip.step(gate.scale(controller.share(sight), tip.velocity))
        oracle.look(people.position_m, tip.true_m, tip.true_mps)
        moved_m += float(np.abs(tip.true_mps).mean()) * world.step_s
        stopped += float(gate.is_stopped.mean())
    return ApproachCount(
        paths=paths.count,
        contacts=int(oracle.is_contact.sum()),
        fastest_contact_mps=oracle.fastest_mps,
        productive_share=moved_m / (world.speed_mps * world.duration_s),
        stopped_share=stopped / world.steps,
        closest_m=oracle.closest_m,
    )


def _look(world: ApproachWorld, paths: Paths, people: People, tip: Tip, now_s: float) -> Sight:
    """What the controller gets: the person as the camera saw them, the tip as measured, errors on top."""
    seen_m, age_s = people.seen(now_s)
    x, y = seen_m[:, 0] - tip.true_m, seen_m[:, 1]
    centres_m = np.hypot(x, y)
    # All three errors make the person seem farther away than they are.
    error_m = paths.sensor_m + paths.robot_m
    sent, true = tip.velocity, tip.true_mps
    return Sight(
        person_m=seen_m * (1.0 + error_m / np.maximum(np.hypot(seen_m[:, 0], seen_m[:, 1]), 1e-9))[:, None],
        age_s=age_s,
        distance_m=centres_m - world.body_m + error_m,
        towards=x / np.maximum(centres_m, 1e-9),
        velocity_mps=np.where(np.abs(sent) > np.abs(true), sent, true),
    )
