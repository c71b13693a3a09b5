"""A base among the echoes of its scanner, for tests of the checks that keep it out of things."""

import dataclasses
import math

import numpy as np
from made_snapshots import TWIST
from supervised import SETTINGS, Supervised

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.robots.footprint import Footprint

CIRCLE = Footprint(((0.0, 0.0),), 0.2)
LONG = Footprint(((-0.6, -0.2), (0.3, -0.2), (0.3, 0.2), (-0.6, 0.2)), 0.0)
CHECKS = (*SETTINGS.checks, "footprint")
THINGS = {name: getattr(SETTINGS, name) for name in (
    "human_speed_mps", "max_track_std_m", "sensor_uncertainty_m", "uncertainty_factor", "touch_labels",
)}  # fmt: skip


def around(*points_m, beams=360, first=-math.pi, step=math.pi / 180):
    """A scan in which each point (x, y) is met by the beam that looks at it; nothing else within range."""
    ranges = np.full(beams, np.inf)
    for x, y in points_m:
        beam = round((math.atan2(y, x) - first) / step) % round(2 * math.pi / step)
        if beam < beams:
            ranges[beam] = math.hypot(x, y)
    return PlanarScan((0.0, 0.0), first, step, ranges)


class Base(Supervised):
    """A base that stays where it is in the world of its scanner: things do not come nearer by driving."""

    def __init__(self, *points_m, outline=CIRCLE, scan=None):
        limits = dataclasses.replace(TWIST, footprint=outline, scanners=("scan",))
        super().__init__(limits, (0.0, 0.0, 0.0), checks=CHECKS)
        self.scan = scan or around(*points_m)
        self.noise_m = 1e-9
        self.is_silent = False

    def step(self, values=None):
        """One period; the scanner is silent, or a little noisy, so that it does not count as frozen."""
        self.has_joint_states = not self.is_silent
        if self.is_silent:
            self.supervisor.on_stream("odom", self.now_ns + round(self.limits.period_s * 1e9))
            return super().step(values)
        self.noise_m = -self.noise_m
        seen = dataclasses.replace(self.scan, ranges_m=self.scan.ranges_m + self.noise_m)
        self.supervisor.on_scan("scan", seen, self.now_ns + round(self.limits.period_s * 1e9))
        return super().step(values)


def driven(base, twist, periods=60):
    """The base, armed, after the same command for some periods."""
    base.start()
    base.hold(twist, periods)
    return base
