"""The evaluation of the world `approach`: all terms, each left out in turn, and the smallest zone as safe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from noetra_ros.evaluation.approach import ApproachWorld, draw_paths
from noetra_ros.evaluation.approach_control import SeparationController, ZoneController
from noetra_ros.evaluation.approach_run import ApproachCount, run_approach

ZONE_STEP_M = 0.02
WIDEST_ZONE_M = 3.0

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class ApproachResult:
    """Numbers of one run.

    Attributes:
        world: bounds.
        seed: of the paths.
        paths: how many.
        whole: separation with all six terms.
        without: by term left out; those runs end with the chunk that shows the first contact.
        zone_m: radius of the smallest fixed stop zone without contact on the same paths.
        zone: what that zone did; None = not asked for, or none is wide enough.
        machine: where it ran.
    """

    world: ApproachWorld
    seed: int
    paths: int
    whole: ApproachCount
    without: dict[str, ApproachCount]
    zone_m: float
    zone: ApproachCount | None
    machine: str

    @property
    def gain(self) -> float:
        """Productive time over the zone's, as a share of the zone's; NaN without one."""
        if self.zone is None:
            return float("nan")
        return self.whole.productive_share / self.zone.productive_share - 1.0

    @property
    def has_passed(self) -> bool:
        """No contact with all terms, contacts without each, and 15 % more productive than the zone."""
        fails = all(count.contacts > 0 for count in self.without.values())
        return self.whole.contacts == 0 and fails and (self.zone is None or self.gain >= 0.15)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "world": "approach",
            "bounds": self.world.as_json(),
            "seed": self.seed,
            "paths": self.paths,
            "clock": "simulated",
            "machine": self.machine,
            "separation": asdict(self.whole),
            "without": {term: asdict(count) for term, count in self.without.items()},
            "smallest_safe_zone_m": self.zone_m if self.zone is not None else None,
            "zone": asdict(self.zone) if self.zone is not None else None,
            "productive_gain": self.gain if self.zone is not None else None,
            "has_passed": self.has_passed,
        }


def evaluate_approach(
    world: ApproachWorld,
    count: int,
    seed: int,
    without: Sequence[str],
    with_zone: bool,
    machine: str,
    tell: Tell,
) -> ApproachResult:
    """Run all of it on the same paths.

    Args:
        world: bounds.
        count: paths.
        seed: of the paths.
        without: terms to leave out, one run each.
        with_zone: look for the smallest safe zone.
        machine: where this runs.
        tell: hears what runs, and how many more of its paths are done.
    """
    paths = draw_paths(world, count, seed)
    whole = run_approach(world, paths, SeparationController(world), lambda done: tell("all six terms", done))
    left_out = {}
    for term in without:
        controller = SeparationController(world, term)
        left_out[term] = run_approach(world, paths, controller, _telling(tell, f"without {term}"), True)

    def zone_count(radius_m: float) -> ApproachCount:
        told = _telling(tell, f"stop zone of {radius_m:.2f} m")
        return run_approach(world, paths, ZoneController(world, radius_m), told, True)

    zone_m, zone = _smallest_safe(zone_count) if with_zone else (float("nan"), None)
    return ApproachResult(world, seed, count, whole, left_out, zone_m, zone, machine)


def _telling(tell: Tell, what: str) -> Callable[[int], None]:
    return lambda done: tell(what, done)


def _smallest_safe(count_at: Callable[[float], ApproachCount]) -> tuple[float, ApproachCount | None]:
    """Radius by bisection on a grid of `ZONE_STEP_M`: safe there, not safe one step below."""
    unsafe, safe, best = 0, round(WIDEST_ZONE_M / ZONE_STEP_M), None
    while safe - unsafe > 1:
        middle = (safe + unsafe) // 2
        count = count_at(middle * ZONE_STEP_M)
        if count.contacts:
            unsafe = middle
        else:
            safe, best = middle, count
    return safe * ZONE_STEP_M, best
