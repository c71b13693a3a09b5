"""The trial of a model that is to take the place of a running one: it has to answer before it takes over."""

from __future__ import annotations

from enum import Enum

# Chunks after which nobody goes back any more: about a second of motion that was seen to work.
PROBATION_CHUNKS = 3
# Longer without a chunk, although one is wanted, and the trial has failed: twice what a cold start may take.
SILENCE_LIMIT_S = 10.0


class Step(Enum):
    """What is to be done."""

    NOTHING = "nothing"
    TAKE_OVER = "take over"  # with the chunk that is there now
    SETTLE = "settle"  # let the former model go
    DROP = "drop"  # the running model goes on
    GO_BACK = "go back"  # to the former model


class SwapTrial:
    """Decides by what the new model answers; the running one goes on until then.

    Args:
        now_s: steady clock.
    """

    def __init__(self, now_s: float) -> None:
        self._chunks = 0
        self._heard_s = now_s

    @property
    def has_taken_over(self) -> bool:
        """Its chunks are followed."""
        return self._chunks > 0

    def on_chunk(self, now_s: float) -> Step:
        """It has answered."""
        self._chunks, self._heard_s = self._chunks + 1, now_s
        if self._chunks == 1:
            return Step.TAKE_OVER
        return Step.SETTLE if self._chunks >= PROBATION_CHUNKS else Step.NOTHING

    def on_failure(self) -> Step:
        """It has failed."""
        return Step.GO_BACK if self.has_taken_over else Step.DROP

    def on_watch(self, now_s: float, is_wanted: bool) -> Step:
        """Time goes by.

        Args:
            now_s: steady clock.
            is_wanted: there is a sentence to follow; without one nothing can be seen of a model.
        """
        if not is_wanted:
            self._chunks = max(self._chunks, 1)
            return Step.SETTLE
        return self.on_failure() if now_s - self._heard_s > SILENCE_LIMIT_S else Step.NOTHING
