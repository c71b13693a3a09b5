"""Puts an observation together from what comes in: complete, fresh, aligned in time, or says why not."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import CameraFrame, JointState, Observation

NS_PER_S = 1_000_000_000
# Joint states to choose the one nearest to a picture from: a second at 100 Hz.
JOINT_MEMORY = 100


@dataclass(frozen=True)
class Needs:
    """Parts of an observation.

    Attributes:
        cameras: names of the cameras.
        has_joints: measured joints belong to it.
        others: names of further parts that only have to be there in time, e.g. the simulator's truth.
    """

    cameras: tuple[str, ...]
    has_joints: bool = True
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timing:
    """How old and how far apart the parts may be.

    Attributes:
        max_age_ns: oldest allowed part; None = not judged (lock-step: the stamps are the clock).
        tolerance_ns: largest distance between the stamps of two parts.
    """

    max_age_ns: int | None
    tolerance_ns: int


@dataclass(frozen=True)
class Incomplete:
    """There is no observation now.

    Attributes:
        reason: which part, what is wrong with it; for a person.
    """

    reason: str


class Assembler:
    """Keeps the newest of each part; never fills a gap with zeros or with something old.

    Args:
        needs: parts of an observation.
        timing: how old and how far apart they may be.
    """

    def __init__(self, needs: Needs, timing: Timing) -> None:
        self._needs, self._timing = needs, timing
        self._frames: dict[str, CameraFrame] = {}
        self._joints: deque[JointState] = deque(maxlen=JOINT_MEMORY)
        self._others: dict[str, int] = {}

    def add_frame(self, frame: CameraFrame) -> None:
        """A picture; one that is older than the last one is dropped."""
        last = self._frames.get(frame.camera)
        if last is None or frame.stamp_ns > last.stamp_ns:
            self._frames[frame.camera] = frame

    def add_joints(self, state: JointState) -> None:
        """Measured joints; older than the last ones are dropped."""
        if not self._joints or state.stamp_ns > self._joints[-1].stamp_ns:
            self._joints.append(state)

    def add_other(self, name: str, stamp_ns: int) -> None:
        """A further part has come; its content stays with the caller."""
        self._others[name] = max(stamp_ns, self._others.get(name, 0))

    def clear(self) -> None:
        """Forget everything."""
        self._frames.clear()
        self._joints.clear()
        self._others.clear()

    @property
    def has_beat(self) -> bool:
        """Some part comes in; a policy that needs none is asked by the clock."""
        return bool(self._needs.cameras or self._needs.others or self._needs.has_joints)

    @property
    def beat_ns(self) -> int:
        """Stamp of the newest instant that every part but the joints has reached; 0 = none yet.

        Pictures give the beat; where none is needed, the joints do.
        """
        stamps = self._slow_stamps()
        if None in stamps.values():
            return 0
        if stamps:
            return min(stamp for stamp in stamps.values() if stamp is not None)
        return self._joints[-1].stamp_ns if self._joints else 0

    def assemble(self, now_ns: int, instruction: str) -> Observation | Incomplete:
        """The observation of the newest beat.

        Args:
            now_ns: clock of the stamps.
            instruction: sentence to put in.
        """
        stamps = self._slow_stamps()
        joints = self._joints_near(self.beat_ns)
        if joints is not None and self._needs.has_joints:
            stamps["joint_states"] = joints.stamp_ns
        elif self._needs.has_joints:
            stamps["joint_states"] = None
        reason = self._fault(stamps, now_ns)
        if reason:
            return Incomplete(reason)
        present = [stamp for stamp in stamps.values() if stamp is not None]
        stamp_ns = min(present, default=now_ns)
        return Observation(
            stamp_ns=stamp_ns,
            instruction=instruction,
            joints=joints if joints is not None else _no_joints(stamp_ns),
            frames={name: self._frames[name] for name in self._needs.cameras},
        )

    def _slow_stamps(self) -> dict[str, int | None]:
        """Stamp of each part but the joints; None = never came."""
        cameras = {f"camera {name}": self._frames.get(name) for name in self._needs.cameras}
        stamps = {name: frame.stamp_ns if frame else None for name, frame in cameras.items()}
        return {**stamps, **{name: self._others.get(name) for name in self._needs.others}}

    def _joints_near(self, beat_ns: int) -> JointState | None:
        if not self._joints:
            return None
        return min(self._joints, key=lambda state: abs(state.stamp_ns - beat_ns))

    def _fault(self, stamps: dict[str, int | None], now_ns: int) -> str:
        """What is wrong, all of it; empty = complete, fresh and aligned."""
        missing = [f"{name}: nothing received" for name, stamp in stamps.items() if stamp is None]
        present = {name: stamp for name, stamp in stamps.items() if stamp is not None}
        faults = [*missing, *self._age_faults(present, now_ns)]
        if not faults and present:
            first, last = min(present, key=present.__getitem__), max(present, key=present.__getitem__)
            spread_ns = present[last] - present[first]
            if spread_ns > self._timing.tolerance_ns:
                allowed_s = self._timing.tolerance_ns / NS_PER_S
                gap = f"{first} is {spread_ns / NS_PER_S:.3f} s older than {last}"
                faults.append(f"{gap}, allowed {allowed_s:g} s")
        return "; ".join(faults)

    def _age_faults(self, stamps: dict[str, int], now_ns: int) -> list[str]:
        if self._timing.max_age_ns is None:
            return []
        limit_s = self._timing.max_age_ns / NS_PER_S
        ages = {name: (now_ns - stamp) / NS_PER_S for name, stamp in stamps.items()}
        old = [f"{n}: {age:.2f} s old, allowed {limit_s:g} s" for n, age in ages.items() if age > limit_s]
        early = [
            f"{n}: stamp {-age:.2f} s ahead of the clock, allowed {limit_s:g} s"
            for n, age in ages.items()
            if -age > limit_s
        ]
        return [*old, *early]


def _no_joints(stamp_ns: int) -> JointState:
    """For policies that read no joints."""
    empty = np.empty(0)
    return JointState(stamp_ns, (), empty, empty, empty)
