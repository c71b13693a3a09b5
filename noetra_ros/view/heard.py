"""What the page has heard of the robot: the newest of everything, and what plots and lists need. No ROS."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import ActionChunk, FloatArray

SILENT_NS = 1_000_000_000  # the supervisor reports at 10 Hz
HISTORY_NS = 60_000_000_000  # of plots
EVENTS_MAX = 50
CHUNK_NS = 3_000_000_000  # an older plan is not the coming motion any more
SCENE_NS = 1_000_000_000  # perception speaks at 10 Hz
FULL = "full"  # the last phase of the bring-up: nothing has to be said of it
STOPPED = ("protective_stop", "emergency_stop", "fault")
LATCHED = ("emergency_stop", "fault")
STOP_ACTIONS = ("stop", "estop", "fault")
LATCH_ACTIONS = ("estop", "fault")
CONSEQUENCES = ("limiter", "projection")  # carry out what others ask for: not the cause where one is known


@dataclass(frozen=True)
class SafetyTold:
    """The supervisor's state, as on safety/state.

    Attributes:
        mode: name of SafetyState.MODE_*, small letters.
        reason: in the supervisor's words.
        checks: that hold or changed the last command.
        scale: of speed, 0..1.
        is_armed: commands may pass.
        is_speed_reduced: the mode reduced speed is on.
        phase: of the bring-up; in ``dry_run`` and ``shadow`` nothing is sent.
    """

    mode: str
    reason: str = ""
    checks: tuple[str, ...] = ()
    scale: float = 0.0
    is_armed: bool = False
    is_speed_reduced: bool = False
    phase: str = FULL


@dataclass(frozen=True)
class EventTold:
    """One message of safety/event; NaN = none.

    Attributes:
        check, action: which check did what (names, small letters).
        subject: joint, stream or source.
        measured, limit, unit: the numbers.
        reason: in the supervisor's words.
        clock: time of day for a person, e.g. 12:04:31.
        repeats: like events in one.
    """

    check: str
    action: str
    subject: str = ""
    measured: float = float("nan")
    limit: float = float("nan")
    unit: str = ""
    reason: str = ""
    clock: str = ""
    repeats: int = 1


@dataclass(frozen=True)
class SeparationTold:
    """The nearest pair of link and person, as on safety/separation; m, m/s; NaN = nobody."""

    is_watching: bool
    has_person: bool = False
    link: str = ""
    track_id: int = 0
    distance_m: float = float("nan")
    required_m: float = float("nan")
    scale: float = 1.0


@dataclass
class History:
    """Values over the last minute.

    Attributes:
        rows: (instant in ns, value for each series), oldest first.
    """

    rows: deque[tuple[int, tuple[float, ...]]] = field(default_factory=deque)

    def add(self, values: tuple[float, ...], now_ns: int) -> None:
        """Keep, and let go what is too old."""
        self.rows.append((now_ns, values))
        while self.rows[0][0] < now_ns - HISTORY_NS:
            self.rows.popleft()

    @property
    def has_values(self) -> bool:
        """A number came in the last minute."""
        return any(value == value for _, values in self.rows for value in values)  # NaN equals nothing

    def arrays(self, now_ns: int, series: int) -> tuple[FloatArray, ...]:
        """Seconds before now (negative), then each series; two empty rows where nothing came."""
        if not self.rows:
            return tuple(np.array([-HISTORY_NS * 1e-9, 0.0]) if i == 0 else np.full(2, np.nan)
                         for i in range(series + 1))  # fmt: skip
        times_s = np.array([(at_ns - now_ns) * 1e-9 for at_ns, _ in self.rows])
        return (times_s, *np.array([values for _, values in self.rows], dtype=np.float64).T)


class Heard:
    """Filled by whoever listens, read by what draws; one thread for both. Instants are monotonic, ns."""

    def __init__(self) -> None:
        self.safety = SafetyTold("unknown")
        self.separation: SeparationTold | None = None
        self.events: deque[EventTold] = deque(maxlen=EVENTS_MAX)
        self.cause: EventTold | None = None
        self.joints: Mapping[str, float] = {}
        self.base_pose: tuple[float, float, float] | None = None
        self.scene: ObstacleScene | None = None
        self.scan: PlanarScan | None = None
        self.chunk: ActionChunk | None = None
        self.scales, self.distances, self.latencies = History(), History(), History()
        self._safety_ns = self._chunk_ns = self._scene_ns = self._scan_ns = 0

    def hear_safety(self, told: SafetyTold, now_ns: int) -> None:
        """A state; a cause is forgotten when the robot runs freely again."""
        if told.mode in ("active", "standby", "startup"):
            self.cause = None
        self.safety, self._safety_ns = told, now_ns
        self.scales.add((100.0 * told.scale,), now_ns)

    def hear_event(self, told: EventTold) -> None:
        """An event; the newest that stopped or slowed the robot is the cause, of a latch what latched it."""
        self.events.appendleft(told)
        known = self.cause is not None
        if known and (told.check in CONSEQUENCES or (self._is_latched and told.action not in LATCH_ACTIONS)):
            return
        if told.action in STOP_ACTIONS or (told.action == "slow" and self.safety.mode not in STOPPED):
            self.cause = told

    def hear_separation(self, told: SeparationTold, now_ns: int) -> None:
        """Distances; NaN while nobody is near."""
        self.separation = told
        self.distances.add((told.distance_m, told.required_m), now_ns)

    def hear_chunk(self, chunk: ActionChunk, now_ns: int) -> None:
        """What the policy is about to do."""
        self.chunk, self._chunk_ns = chunk, now_ns

    def hear_scene(self, scene: ObstacleScene, now_ns: int) -> None:
        """What is around the robot."""
        self.scene, self._scene_ns = scene, now_ns

    def hear_scan(self, scan: PlanarScan, now_ns: int) -> None:
        """A sweep of the laser scanner, base frame."""
        self.scan, self._scan_ns = scan, now_ns

    @property
    def _is_latched(self) -> bool:
        by_event = self.cause is not None and self.cause.action in LATCH_ACTIONS
        return by_event or self.safety.mode in LATCHED

    def silent_s(self, now_ns: int) -> float | None:
        """s since the supervisor was heard, where that is too long; infinite = never."""
        if not self._safety_ns:
            return float("inf")
        age_ns = now_ns - self._safety_ns
        return age_ns * 1e-9 if age_ns > SILENT_NS else None

    def coming_chunk(self, now_ns: int) -> ActionChunk | None:
        """The plan, while it is young."""
        return self.chunk if now_ns - self._chunk_ns < CHUNK_NS else None

    def scene_now(self, now_ns: int) -> ObstacleScene | None:
        """What is around the robot, while it is young."""
        return self.scene if now_ns - self._scene_ns < SCENE_NS else None

    def scan_now(self, now_ns: int) -> PlanarScan | None:
        """What the scanner met, while it is young."""
        return self.scan if now_ns - self._scan_ns < SCENE_NS else None

    def cause_name(self) -> str:
        """Check that explains the mode; empty = none.

        In a protective stop the checks that hold the robot now come first: an event may be older.
        """
        told, cause = self.safety, self.cause.check if self.cause is not None else ""
        checks = [check for check in told.checks if check not in CONSEQUENCES] or list(told.checks)
        if cause and (told.mode != "protective_stop" or not checks or cause in checks):
            return cause
        return checks[0] if checks and told.mode not in LATCHED else cause
