"""What the physics touches with, and what the supervisor takes the links for: the margin holds the rest."""

import itertools

import coal
import mujoco
import numpy as np
import pytest

from noetra_ros.core.resources import config_names
from noetra_ros.evaluation.clutter.seen import JITTER_M, PLACE_M
from noetra_ros.evaluation.fuzz.bounds import shipped_settings
from noetra_ros.robots.link_hulls import LinkHulls
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.projection.projection import SAG
from noetra_ros.sim.arm_model import ARM_BIT, arm_spec, joint_of_geoms

SIDE = np.linspace(-1.0, 1.0, 9)
SURFACE = np.array([point for point in itertools.product(SIDE, repeat=3) if max(map(abs, point)) == 1.0])
# Those that stand among the things of the evaluation.
ARMS = [
    name
    for name in config_names("robots")
    if (sim := load_robot(name).sim) is not None and sim.world == "table"
]


def sticking_out_m(profile, positions):
    """By link: how far the farthest of many points of its collision boxes is from all of its hulls."""
    model = arm_spec(profile).compile()
    data, hulls = mujoco.MjData(model), LinkHulls(profile)
    data.qpos[[int(model.joint(name).qposadr[0]) for name in profile.joint_names]] = positions
    mujoco.mj_kinematics(model, data)
    hulls.place(np.asarray(positions))
    is_moving = (joint_of_geoms(model, profile.joint_names) >= 0) & (model.geom_contype == ARM_BIT)
    found = {}
    for geom in np.flatnonzero(is_moving):
        assert model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_BOX
        link = model.body(int(model.geom_bodyid[geom])).name
        rows = [row for row, name in enumerate(hulls.links) if name == link]
        turn = data.geom_xmat[geom].reshape(3, 3)
        for point_m in data.geom_xpos[geom] + SURFACE * model.geom_size[geom] @ turn.T:
            point = (coal.Sphere(1e-6), coal.Transform3s(np.eye(3), point_m))
            out_m = min(hulls.gap_to(row, *point).room_m for row in rows)
            found[link] = max(found.get(link, 0.0), out_m)
    return found


@pytest.mark.parametrize("name", ARMS)
def test_the_margin_around_things_holds_what_the_links_hulls_leave_out(name):
    """A finger's box that stood out farther than the margin would touch what the barrier calls clear."""
    profile = load_robot(name)
    out_m = sticking_out_m(profile, [0.3] * len(profile.joint_names))
    assert len(out_m) == len(profile.joint_names), "each joint moves a link that can touch"
    assert 0.009 < max(out_m.values()) < 0.0125
    seen_m = 3.0 * np.hypot(PLACE_M, JITTER_M)
    margin_m = shipped_settings()["obstacle_margin_m"]
    assert max(out_m.values()) + seen_m + SAG <= margin_m
