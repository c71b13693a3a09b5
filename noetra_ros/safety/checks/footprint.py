"""Check: a base drives only where its scanners look and where its footprint meets nothing until it rests."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.footprint import Footprint
from noetra_ros.safety.base_gaps import gaps_m
from noetra_ros.safety.base_path import STEP_M, placed_at, poses_until_rest, seen_from_poses
from noetra_ros.safety.base_settings import FootprintSettings
from noetra_ros.safety.base_things import OWN_BODY_M, Things, ThingSettings, things_around
from noetra_ros.safety.braking import braking_bounds
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limiter import AxisMotion, accelerated
from noetra_ros.safety.limits import AxisLimits, ChannelLimits
from noetra_ros.safety.reckoning import SeenScan
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.twist_share import allowed_share, motions_of
from noetra_ros.safety.verdict import Action, Verdict, passed

NAME = "footprint"
PASSED: Final = passed(NAME)
BISECTIONS = 5
CLOSER_M = 1e-6  # rounding; what is nearer than the margin already may come no closer
NEW_GROUND_M = 1e-6  # rounding: a round base that turns on the spot comes on no new ground
# Way after which no scanner sees the very same again.
FROZEN_M, FROZEN_RAD = 0.02, 0.05
STOP_SHARE = 0.5  # of the margin: what a stop keeps, where noise of the scanner has used up the rest


@dataclass(frozen=True)
class Way:
    """What is in the way of a motion that is held for a moment and then braked.

    Attributes:
        lacks_m: by how much the nearest thing comes closer than it may; <= 0 = the way is free.
        distance_m: how near it comes to the rim.
        is_blind: the way leads where no scanner looks.
        what: it is, by perception; empty = scanners see it.
    """

    lacks_m: float
    distance_m: float
    is_blind: bool
    what: str = ""

    @property
    def is_free(self) -> bool:
        """It may be gone."""
        return self.lacks_m <= 0.0 and not self.is_blind


@dataclass(frozen=True, kw_only=True)
class FootprintClear(FootprintSettings, ThingSettings):
    """Lets a twist pass only where the base, going on for the reaction time and then braking, keeps its
    margin from all that the scanners see; else the share of it that does, down to a controlled stop. Turning
    away from what is near is always open. Stops where a scanner repeats itself while the base moves.
    With watch_obstacles the same holds for what perception tells: at the height of the base, larger by its
    uncertainty, anywhere on the way that it goes at its speed until the base rests. Without it, it cannot
    catch what is above or below the plane of the scanners. Never what comes faster than the base stops, who
    stood and begins to walk, drop-offs, and what a slow sweep smears while the base turns: it takes a scan as
    of one instant.
    """

    controller_latency_s: float = setting(
        "s", "from a command going out until the robot follows it", minimum=0.0, maximum=2.0
    )

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs a footprint, and a scanner or perception."""
        if limits.footprint is None:
            return "no base with a footprint on this channel"
        if limits.scanners or limits.obstacle_frame:
            return ""
        return "the profile has no stream of laser scans, and watch_obstacles is off"

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """CLAMP to the share of the twist that is free; STOP where even braking now is not."""
        limits = snapshot.limits
        outline = limits.footprint
        if outline is None:
            return PASSED
        lacking = [name for name in limits.scanners if name not in snapshot.scans]
        if lacking:
            return Verdict(NAME, Action.STOP, f"nothing is seen yet: no scan of {', '.join(lacking)}")
        for name, seen in snapshot.scans.items():
            if _is_frozen(seen, outline):
                reason = f"{name} says the same again and again though the base moves: the scanner is frozen"
                return Verdict(NAME, Action.STOP, reason, 0.0, name)
        if reason := _untold(snapshot):
            return Verdict(NAME, Action.STOP, reason, 0.0, "scene")
        wanted = snapshot.proposed
        if not any(wanted if wanted is not None else snapshot.sent):
            return PASSED
        scans = list(snapshot.scans.values())
        look = _Look(snapshot, outline, scans, snapshot.cycle_s + self.controller_latency_s, self)
        if wanted is not None:
            way = look.ahead(wanted)
            if way.is_free:
                return PASSED
            share = allowed_share(snapshot, wanted, lambda v: look.ahead(v).is_free, BISECTIONS)
            if share > 0.0 or not any(snapshot.sent) or look.braking().is_free:
                return _clamped(way, share, self.footprint_margin_m)
        stop = look.braking()
        if stop.is_free:
            return PASSED
        return Verdict(
            NAME, Action.STOP, _words(stop), 0.0, *_numbers(stop, STOP_SHARE * self.footprint_margin_m)
        )


class _Look:
    """The surroundings at one instant, to ask about several motions."""

    def __init__(
        self,
        snapshot: Snapshot,
        outline: Footprint,
        scans: Sequence[SeenScan],
        goes_on_s: float,
        check: FootprintClear,
    ) -> None:
        self._limits, self._outline, self._scans, self._check = snapshot.limits, outline, scans, check
        self._goes_on_s = goes_on_s
        self._motions = motions_of(snapshot)
        seen = [seen_from_poses(s.scan.few_points[0], np.array([s.moved]))[0] for s in scans]
        self._points = np.vstack([np.zeros((0, 2)), *seen])
        self._beside = np.concatenate([np.zeros(0), *(s.scan.few_points[1] for s in scans)])
        self._things = _things(snapshot, outline, check)
        self._range = np.hypot(*self._points.T) - self._beside
        share, axes = check.approach_share, snapshot.limits.axes
        self._gentle = [dataclasses.replace(a, acceleration=share * a.acceleration) for a in axes]

    def ahead(self, twist: Values) -> Way:
        """What is in the way when `twist` is sent and later braked gently."""
        motions = self._after(twist)
        return self._way(motions, self._gentle, self._check.footprint_margin_m)

    def braking(self) -> Way:
        """What is in the way of what was sent, braked as hard as the limits allow."""
        return self._way(self._motions, self._limits.axes, STOP_SHARE * self._check.footprint_margin_m)

    def _after(self, twist: Values) -> list[AxisMotion]:
        dt_s = self._limits.period_s
        return [accelerated(m, value, dt_s) for m, value in zip(self._motions, twist, strict=True)]

    def _way(self, motions: Sequence[AxisMotion], axes: Sequence[AxisLimits], margin_m: float) -> Way:
        is_near = ~(self._range >= self._farthest(motions, axes) + margin_m)  # NaN is near
        near, slack = self._points[is_near], self._beside[is_near] + 0.5 * STEP_M
        is_all_seen = any(s.scan.is_all_round for s in self._scans)
        if not len(near) and is_all_seen and self._things is None:
            return Way(-np.inf, np.inf, False)
        dt_s, reach_m = self._limits.period_s, self._outline.reach_m
        poses, times_s = poses_until_rest(motions, axes, dt_s, self._goes_on_s, reach_m)
        is_blind = not is_all_seen and self._is_blind(poses, motions)
        scanned = self._among_points(near, slack, poses, margin_m, is_blind)
        if self._things is None:
            return scanned
        within_m = self._farthest(motions, axes) + margin_m
        told = self._among_things(self._things, poses, times_s, within_m, margin_m, is_blind)
        return max(scanned, told, key=lambda way: math.inf if math.isnan(way.lacks_m) else way.lacks_m)

    def _among_points(
        self, near: FloatArray, slack: FloatArray, poses: FloatArray, margin_m: float, is_blind: bool
    ) -> Way:
        """What scanners see: (n, 2) points, each of which stands for all within its slack (n,) m."""
        now = self._outline.distance_m(near)
        is_other = ~(now <= -OWN_BODY_M)
        near, now, slack = near[is_other], now[is_other], slack[is_other]
        if not len(near):
            return Way(-np.inf, np.inf, is_blind)
        distance = self._outline.distance_m(seen_from_poses(near, poses)).min(axis=0) - slack
        allowed = np.minimum(margin_m, now - slack - CLOSER_M)
        worst = int(np.argmax(allowed - distance))
        return Way(float(allowed[worst] - distance[worst]), float(distance[worst]), is_blind)

    def _among_things(
        self,
        around: Things,
        poses: FloatArray,
        times_s: FloatArray,
        within_m: float,
        margin_m: float,
        is_blind: bool,
    ) -> Way:
        """What perception tells. At each pose a thing may be where it gets to before the base goes on from
        there; nearer than the margin the base comes no closer to it than it would by standing.
        """
        things = around.near(self._outline, within_m, float(times_s[-1]))
        if not things.names:
            return Way(-np.inf, np.inf, is_blind)
        leaves_s = np.append(times_s[1:], times_s[-1])
        both = gaps_m(things, self._outline, np.vstack([poses, 0.0 * poses]), np.tile(leaves_s, 2))
        distance, standing = np.split(both - 0.5 * STEP_M, 2)
        lacks = np.minimum(margin_m, standing - CLOSER_M) - distance
        pose, thing = np.unravel_index(int(np.argmax(lacks)), lacks.shape)
        numbers = float(lacks[pose, thing]), float(distance[pose, thing])
        return Way(*numbers, is_blind, things.names[thing])

    def _farthest(self, motions: Sequence[AxisMotion], axes: Sequence[AxisLimits]) -> float:
        """m from the origin that no point of the base passes."""
        dt_s, way_m = self._limits.period_s, self._outline.reach_m
        for motion, axis in list(zip(motions, axes, strict=True))[:2]:
            # Both ways: a base that turns round comes to rest on the other side.
            bounds_m = braking_bounds(motion.velocity, motion.acceleration, axis, dt_s)
            way_m += abs(motion.velocity) * self._goes_on_s + max(bounds_m)
        return way_m

    def _is_blind(self, poses: FloatArray, motions: Sequence[AxisMotion]) -> bool:
        """The base comes on ground that no scanner looks at, faster than it may: judged where its rim comes
        farthest out of the ground that it covers now.
        """
        forward, aside, turning = (motion.velocity for motion in motions)
        rim_mps = math.hypot(forward, aside) + abs(turning) * self._outline.reach_m
        if rim_mps <= self._check.blind_speed_mps:
            return False
        for pose in (poses[len(poses) // 2], poses[-1]):
            ground = placed_at(self._outline.outline_m, pose)
            beyond = self._outline.distance_m(ground)
            farthest = ground[[int(np.argmax(beyond))]]
            if beyond.max() > NEW_GROUND_M and not any(
                s.scan.sees(placed_at(farthest, s.moved))[0] for s in self._scans
            ):
                return True
        return False


def _untold(snapshot: Snapshot) -> str:
    """Why what perception sees cannot be held against the base; empty = it can, or does not count."""
    frame, scene = snapshot.limits.obstacle_frame, snapshot.scene
    if not frame:
        return ""
    if scene is None or snapshot.moved_within is None:
        return "what is around the base is not known: perception was never heard"
    if scene.frame != frame:
        return f"what is around the base is told in the frame {scene.frame!r}, expected {frame!r}"
    return ""


def _things(snapshot: Snapshot, outline: Footprint, check: ThingSettings) -> Things | None:
    """What counts; None = nothing."""
    scene, moved_within = snapshot.scene, snapshot.moved_within
    if not snapshot.limits.obstacle_frame or scene is None or moved_within is None or not scene.obstacles:
        return None
    return things_around(scene, snapshot.scene_age_s, moved_within, snapshot.sent, outline, check)


def _is_frozen(seen: SeenScan, outline: Footprint) -> bool:
    """Something beside the robot's own parts stands still around a base that moves."""
    way = seen.repeated
    is_moved = math.hypot(way.x_m, way.y_m) > FROZEN_M or abs(way.yaw_rad) > FROZEN_RAD
    return is_moved and bool((outline.distance_m(seen.scan.points_m) > -OWN_BODY_M).any())


def _clamped(way: Way, share: float, margin_m: float) -> Verdict:
    reason = f"{_words(way)}: {'braking' if share <= 0.0 else 'slower'}"
    return Verdict(NAME, Action.CLAMP, reason, share, *_numbers(way, margin_m))


def _words(way: Way) -> str:
    if way.lacks_m > 0.0:
        return f"the base would come within {max(way.distance_m, 0.0):.2f} m of {way.what or 'something'}"
    if way.what and math.isnan(way.lacks_m):
        return f"how near the base would come to {way.what} is not known"
    return "the base would go where no scanner looks"


def _numbers(way: Way, margin_m: float) -> tuple[str, float, float, str]:
    return (way.what or "base", way.distance_m if way.lacks_m > 0.0 else np.nan, margin_m, "m")


check_registry.register(NAME)(FootprintClear)
