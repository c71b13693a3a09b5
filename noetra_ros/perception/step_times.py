"""How long each step of the pipeline took the last time, for /diagnostics and the bench."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class StepTimes:
    """Newest duration of each step; the measured times decide nothing.

    Attributes:
        seconds: by step, s, in the order in which they first ran.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        """Times what runs within."""
        begin_s = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = time.perf_counter() - begin_s
