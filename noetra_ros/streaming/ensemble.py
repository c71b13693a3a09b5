"""Several plans followed at once: their weighted mean, with weights that never jump."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from noetra_ros.streaming.references import S_PER_NS, Motion, Reference, smoothstep

# ACT's weights: exp(-0.01 k), k = 0 for the oldest.
DECAY = 0.01
# The newest plan keeps this weight to its end, so that the weights never add up to nothing.
FLOOR = 1e-6


@dataclass(frozen=True)
class Member:
    """One plan of an ensemble.

    Attributes:
        plan: it.
        start_ns: when it began to come in; None = it was there.
        end_ns: when it has gone.
        fade_ns: time to come in, and to go.
    """

    plan: Reference
    start_ns: int | None
    end_ns: int
    fade_ns: int

    def weight(self, time_ns: int) -> tuple[float, float, float]:
        """Between 0 and 1, with its first two derivatives by time (1/s, 1/s2)."""
        leaving = _fade((self.end_ns - time_ns) / self.fade_ns, -self.fade_ns * S_PER_NS)
        if self.start_ns is None:
            return leaving
        coming = _fade((time_ns - self.start_ns) / self.fade_ns, self.fade_ns * S_PER_NS)
        a, b = coming, leaving
        return a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2.0 * a[1] * b[1] + a[0] * b[2]


@dataclass(frozen=True)
class Ensemble:
    """The mean of its members, weighted by age and by how far each has come in or gone.

    Attributes:
        members: oldest first, at least one.
    """

    members: tuple[Member, ...]

    @property
    def end_ns(self) -> int:
        """At rest when its newest plan is."""
        return self.members[-1].plan.end_ns

    def joined_by(self, member: Member, now_ns: int) -> Ensemble:
        """With one more; those that have gone are forgotten."""
        return Ensemble((*(m for m in self.members if m.end_ns > now_ns), member))

    def at(self, time_ns: int) -> Motion:
        """The weighted mean x = sum(w y) / sum(w), and its derivatives by the rule of quotients."""
        zero = np.zeros_like(self.members[-1].plan.at(time_ns).value)
        total, total_rate, total_bend = FLOOR, 0.0, 0.0
        newest = self.members[-1].plan.at(time_ns)
        sums = [FLOOR * part for part in newest]
        for age, member in enumerate(self.members):
            w, w_rate, w_bend = (math.exp(-DECAY * age) * part for part in member.weight(time_ns))
            if w == 0.0:
                continue
            y, y_rate, y_bend = newest if member is self.members[-1] else member.plan.at(time_ns)
            total, total_rate, total_bend = total + w, total_rate + w_rate, total_bend + w_bend
            sums[0] = sums[0] + w * y
            sums[1] = sums[1] + w_rate * y + w * y_rate
            sums[2] = sums[2] + w_bend * y + 2.0 * w_rate * y_rate + w * y_bend
        value = zero + sums[0] / total
        rate = (sums[1] - value * total_rate) / total
        return Motion(value, rate, (sums[2] - 2.0 * rate * total_rate - value * total_bend) / total)


def _fade(u: float, duration_s: float) -> tuple[float, float, float]:
    """Smoothstep of `u` with its derivatives by time; a negative duration runs backwards."""
    value, rate, bend = smoothstep(u)
    return value, rate / duration_s, bend / duration_s**2
