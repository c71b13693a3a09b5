"""What a server knows of itself: counts, times by stage, robots."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from noetra_ros.policy.serving.messages import ServerTiming

# Times of so many requests give the percentiles.
REMEMBERED = 2000
STAGES = ("decode_s", "queue_s", "infer_s", "total_s")
PERCENTILES = (50, 95, 99)


@dataclass
class RobotRecord:
    """One connected robot.

    Attributes:
        address: where it connects from.
        since_s: when it connected, monotonic.
        answered: requests answered on this connection.
        last_s: when the last answer went out, monotonic; 0 = none yet.
    """

    address: str
    since_s: float
    answered: int = 0
    last_s: float = 0.0


@dataclass
class ServingRecord:
    """Counts and times; used by the server's event loop alone.

    Attributes:
        counts: what became of requests and connections, by word.
        robots: who is connected.
        began_s: when the server began, monotonic.
    """

    counts: Counter[str] = field(default_factory=Counter)
    robots: dict[str, RobotRecord] = field(default_factory=dict)
    began_s: float = field(default_factory=time.monotonic)
    _times: dict[str, deque[float]] = field(
        default_factory=lambda: {stage: deque(maxlen=REMEMBERED) for stage in STAGES}
    )
    _batches: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def add(self, timing: ServerTiming, total_s: float) -> None:
        """A request that was answered with a chunk."""
        for stage in STAGES[:-1]:
            self._times[stage].append(getattr(timing, stage))
        self._times["total_s"].append(total_s)
        self._batches.append(timing.batch)

    def percentiles_ms(self) -> dict[str, dict[str, float]]:
        """ms by stage and percentile, of the last requests; empty before the first."""
        return {
            stage.removesuffix("_s"): {
                f"p{p}": round(float(np.percentile(list(times), p)) * 1e3, 3) for p in PERCENTILES
            }
            for stage, times in self._times.items()
            if times
        }

    @property
    def mean_batch(self) -> float:
        """Requests computed together, on average; 0 before the first."""
        return float(np.mean(list(self._batches))) if self._batches else 0.0


@dataclass(frozen=True)
class RobotHealth:
    """One connected robot, for others.

    Attributes:
        name: whose token it uses.
        address: where it connects from.
        answered: requests answered on this connection.
        last_s: s since the last answer; None = none yet.
    """

    name: str
    address: str
    answered: int
    last_s: float | None


@dataclass(frozen=True)
class Health:
    """The state of a server at one instant.

    Attributes:
        model: what is served.
        is_stuck: the present inference takes longer than it may.
        uptime_s: since the server began.
        robots: those connected.
        times_ms: by stage and percentile.
        mean_batch: requests computed together.
        counts: by what became of them.
    """

    model: str
    is_stuck: bool
    uptime_s: float
    robots: list[RobotHealth]
    times_ms: dict[str, dict[str, float]]
    mean_batch: float
    counts: dict[str, int]

    @property
    def state(self) -> str:
        """ok or stuck."""
        return "stuck" if self.is_stuck else "ok"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"state": self.state, **asdict(self)}


def health_of(record: ServingRecord, model: str, is_stuck: bool) -> Health:
    """The state now."""
    now_s = time.monotonic()
    robots = [
        RobotHealth(name, r.address, r.answered, round(now_s - r.last_s, 3) if r.last_s else None)
        for name, r in sorted(record.robots.items())
    ]
    uptime_s = round(now_s - record.began_s, 3)
    counts, mean = dict(record.counts), round(record.mean_batch, 3)
    return Health(model, is_stuck, uptime_s, robots, record.percentiles_ms(), mean, counts)
