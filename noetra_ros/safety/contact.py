"""Power and force limiting (ISO/TS 15066, Annex A): how fast a link may be when it hits a person."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.resources import config_file

TRANSIENT_FACTOR = 2.0
N_PER_MM_TO_N_PER_M = 1e3
N_PER_CM2_TO_PA = 1e4
CM2_TO_M2 = 1e-4


@dataclass(frozen=True)
class Cell:
    """One number of the table, with where it is from."""

    value: float = setting(description="the number, in the unit of its key", minimum=0.0)
    source: str = setting(description="key of sources")
    checked: bool = setting(description="somebody has held it against the standard")


@dataclass(frozen=True)
class BodyRegion:
    """Limits of one body region."""

    may_be_hit: bool = setting(description="false: contact is to be avoided")
    force_n: Cell = setting("N", "quasi-static force")
    pressure_n_cm2: Cell = setting("N/cm2", "quasi-static pressure")
    mass_kg: Cell = setting("kg", "effective mass")
    spring_n_mm: Cell = setting("N/mm", "spring constant")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All numbers."""
        return self.force_n, self.pressure_n_cm2, self.mass_kg, self.spring_n_mm


@dataclass(frozen=True)
class BodyRegions:
    """The file."""

    sources: dict[str, str] = setting(description="where numbers are from")
    regions: dict[str, BodyRegion] = setting(description="limits by region")

    def __post_init__(self) -> None:
        faults = [
            Fault(f"regions.{name}", f"source {cell.source!r}", f"one of {', '.join(self.sources)}")
            for name, region in self.regions.items()
            for cell in region.cells
            if cell.source not in self.sources
        ]
        if faults:
            raise ConfigError("body regions", faults)


@cache
def load_body_regions(name: str) -> BodyRegions:
    """Read ``config/<name>.yaml``, or the YAML file `name`.

    Raises:
        ConfigError: no such file, or any fault of it with its key path.
    """
    path = config_file("", name)
    return load(BodyRegions, read_yaml(path), str(path))


def robot_mass_kg(moving_kg: float, payload_kg: float) -> float:
    """Effective mass ``m_R = M/2 + m_L``."""
    return 0.5 * moving_kg + payload_kg


def contact_speed_mps(region: BodyRegion, robot_kg: float, area_cm2: float) -> float:
    """Highest relative speed of a transient contact, ``min(F_T, p_T A) / sqrt(mu k)``.

    Args:
        region: body region that is hit.
        robot_kg: effective mass of the robot.
        area_cm2: smallest area of the robot that hits.

    Returns:
        m/s; 0 where contact is to be avoided.
    """
    if not region.may_be_hit:
        return 0.0
    reduced_kg = 1.0 / (1.0 / region.mass_kg.value + 1.0 / robot_kg)
    pressure_pa = TRANSIENT_FACTOR * region.pressure_n_cm2.value * N_PER_CM2_TO_PA
    force_n = min(TRANSIENT_FACTOR * region.force_n.value, pressure_pa * area_cm2 * CM2_TO_M2)
    return force_n / math.sqrt(reduced_kg * region.spring_n_mm.value * N_PER_MM_TO_N_PER_M)
