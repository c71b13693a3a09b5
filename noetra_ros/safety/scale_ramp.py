"""The speed scale in force: falls at once, rises at a bounded rate."""

from __future__ import annotations

from typing import Final

NS_PER_S: Final = 1e9


class ScaleRamp:
    """Keeps the scale.

    Args:
        rise_per_s: how fast it may rise.
    """

    def __init__(self, rise_per_s: float) -> None:
        self._rise_per_s = rise_per_s
        self._last_ns: int | None = None
        self.scale = 1.0

    def restart(self) -> None:
        """From the whole scale on: a person has armed a robot that rests."""
        self.scale = 1.0

    def follow(self, asked: float, may_rise: bool, now_ns: int) -> float:
        """The scale in force from now on.

        Args:
            asked: scale that the checks allow, 0..1.
            may_rise: commands pass; a robot that is held gains no speed meanwhile.
            now_ns: the instant.
        """
        if asked >= 1.0 and self.scale >= 1.0:
            self._last_ns = now_ns
            return 1.0  # as with most commands
        since_s = 0.0 if self._last_ns is None else max(0.0, (now_ns - self._last_ns) / NS_PER_S)
        self._last_ns = now_ns
        highest = self.scale + (self._rise_per_s * since_s if may_rise else 0.0)
        self.scale = max(0.0, min(asked, highest, 1.0))
        return self.scale
