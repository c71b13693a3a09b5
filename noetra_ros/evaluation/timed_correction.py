"""A corrector in the timed loop: pictures at its own rate, its declared latency in simulated time."""

from __future__ import annotations

from noetra_ros.core.types import ActionChunk
from noetra_ros.evaluation.world_view import observe
from noetra_ros.policy.correction.correcting import Correcting
from noetra_ros.policy.correction.corrector import Corrector
from noetra_ros.sim.world import World
from noetra_ros.streaming.inbox import Inbox

NS_PER_S = 1_000_000_000


class TimedCorrection:
    """Looks each so many ticks; a correction is given out when its latency is over.

    Args:
        corrector: loaded.
        rate_hz: of its looks.
        latency_s: from a picture to its correction.
        period_s: of a tick.
    """

    def __init__(self, corrector: Corrector, rate_hz: float, latency_s: float, period_s: float) -> None:
        self.correcting = Correcting(corrector)
        self._cameras = tuple(need.name for need in corrector.spec.cameras)
        self._every = max(1, round(1.0 / (rate_hz * period_s)))
        self._inbox = Inbox(round(latency_s * NS_PER_S), is_stepped=True)

    def look(self, tick: int, world: World, instruction: str) -> None:
        """Correct what is followed, if this is a tick to look at and there is something to correct."""
        if tick % self._every or self.correcting.followed is None:
            return
        chunk = self.correcting.look(observe(world, self._cameras, instruction))
        if chunk is not None:
            self._inbox.put(chunk)

    def follow(self, chunk: ActionChunk) -> None:
        """An answer of the policy has come."""
        self.correcting.follow(chunk)

    def take(self, now_ns: int) -> list[ActionChunk]:
        """Corrections whose time has come."""
        return self._inbox.take(now_ns)
