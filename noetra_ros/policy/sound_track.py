"""Keeps the last seconds of a microphone; a gap in them is waited out, never filled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.samples import Sound
from noetra_ros.policy.spec import SoundNeed
from noetra_ros.policy.tracks import LOCK_STEP_MEMORY_NS, NS_PER_S, Chosen, Timing

# Stamps of audio blocks jitter by the driver's scheduling; a lost block is longer than this.
JITTER_S = 0.005


class SoundTrack:
    """Samples that follow one another; a block that does not begins anew.

    Args:
        timing: how far the end may lie from the instant; a window is the same for every alignment.
        need: what is listened to.
    """

    def __init__(self, timing: Timing, need: SoundNeed) -> None:
        self._timing, self._need = timing, need
        self._wanted = max(round(need.duration_s * need.rate_hz), 1)
        reach_ns = LOCK_STEP_MEMORY_NS if timing.max_age_ns is None else timing.max_age_ns
        self._memory = self._wanted + round((reach_ns + timing.tolerance_ns) / NS_PER_S * need.rate_hz)
        self._samples: NDArray[np.float32] = np.empty((0, need.channels), np.float32)
        self._end_ns: int | None = None

    @property
    def newest_ns(self) -> int | None:
        """Stamp of the newest sample; None = nothing came yet."""
        return self._end_ns

    def add(self, stamp_ns: int, sample: Sound) -> None:
        """Take a block.

        Raises:
            ValueError: another rate or another number of channels than the policy listens to.
        """
        need = self._need
        if sample.rate_hz != need.rate_hz or sample.samples.shape[1:] != (need.channels,):
            got = f"{sample.rate_hz:g} Hz, {sample.samples.shape[1:]} channels"
            raise ValueError(f"sound {need.stream}: got {got}, expected {need.rate_hz:g} Hz, {need.channels}")
        if self._end_ns is not None and stamp_ns <= self._end_ns:
            return
        follows = self._end_ns is not None and self._gap_s(sample) <= JITTER_S
        before = self._samples if follows else self._samples[:0]
        self._samples = np.concatenate((before, sample.samples))[-self._memory :]
        self._end_ns = stamp_ns

    def choose(self, instant_ns: int) -> Chosen | str:
        """The window that ends at the instant, or with the newest sample where that is near enough."""
        assert self._end_ns is not None, "asked only after something came"
        late_ns = instant_ns - self._end_ns
        if late_ns > self._timing.tolerance_ns:
            allowed_s = self._timing.tolerance_ns / NS_PER_S
            return f"ends {late_ns / NS_PER_S:.3f} s before the instant, allowed {allowed_s:g} s"
        beyond = max(round(-late_ns / NS_PER_S * self._need.rate_hz), 0)
        heard = self._samples[: len(self._samples) - beyond]
        if len(heard) < self._wanted:
            have_s = len(heard) / self._need.rate_hz
            return f"{have_s:.3f} s without a gap, expected {self._need.duration_s:g} s"
        end_ns = self._end_ns - round(beyond * NS_PER_S / self._need.rate_hz)
        window = Sound(end_ns, self._need.stream, self._need.rate_hz, heard[-self._wanted :])
        return Chosen((window,), end_ns)

    def use(self, chosen: Any) -> None:
        """Windows may overlap."""

    def clear(self) -> None:
        """Forget everything."""
        self._samples, self._end_ns = self._samples[:0], None

    def _gap_s(self, block: Sound) -> float:
        assert self._end_ns is not None
        expected_ns = self._end_ns + NS_PER_S / block.rate_hz
        return abs(block.start_ns - expected_ns) / NS_PER_S
