"""How fast a link may be when it touches a person: the oracle's own reckoning, apart from that of safety/.

ISO/TS 15066 Annex A: two masses on a spring, the body region at rest. From an energy balance,
`v^2 mu k = F^2`, with the reduced mass of region and robot, and the robot's mass half its moving parts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from noetra_ros.core.config import read_yaml
from noetra_ros.core.resources import config_file
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.world import World, make_world

# Names of the simulated person's parts (sim/person_figure.py) in the table of body regions.
TABLE_NAMES = {
    "skull": "skull_and_forehead",
    "neck": "neck",
    "chest": "chest",
    "abdomen": "abdomen",
    "pelvis": "pelvis",
    "upper_arm": "upper_arm_and_elbow",
    "forearm": "lower_arm_and_wrist",
    "hand": "hand_and_fingers",
    "thigh": "thigh_and_knee",
    "lower_leg": "lower_leg",
}
AREA_M2 = 1e-4  # a finger's tip of the gripper
TRANSIENT = 2.0  # a short force may be twice a lasting one


def contact_limits_mps(profile: RobotProfile) -> dict[str, float]:
    """Highest contact speed (m/s) by body region of the simulated person; 0 = must not be hit."""
    world = make_world(profile)
    try:
        robot_kg = 0.5 * moving_mass_kg(world)
    finally:
        world.close()
    table = read_yaml(Path(config_file("", "body_regions")))["regions"]
    return {region: limit_mps(table[name], robot_kg) for region, name in TABLE_NAMES.items()}


def moving_mass_kg(world: World) -> float:
    """Mass of all links that joints move, from the physics model."""
    model, _ = world.model_and_data()
    first = model.joint(world.profile.joint_names[0]).bodyid[0]
    return float(model.body_subtreemass[first])


def limit_mps(row: dict[str, Any], robot_kg: float) -> float:
    """Highest contact speed for one row of the table of body regions.

    Args:
        row: its numbers, each with `value`: force_n, pressure_n_cm2, mass_kg, spring_n_mm.
        robot_kg: effective mass of the robot.
    """
    if not row["may_be_hit"]:
        return 0.0
    force_n = TRANSIENT * min(row["force_n"]["value"], row["pressure_n_cm2"]["value"] * 1e4 * AREA_M2)
    masses_kg = np.array([row["mass_kg"]["value"], robot_kg])
    reduced_kg = float(masses_kg.prod() / masses_kg.sum())
    return float(np.sqrt(force_n**2 / (reduced_kg * row["spring_n_mm"]["value"] * 1e3)))
