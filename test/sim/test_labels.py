"""Label pictures agree with colour, depth and geometry."""

import numpy as np
import pytest

from noetra_ros.sim.cameras import project
from noetra_ros.sim.labels import INSTANCES, Labels
from noetra_ros.sim.person_paths import PersonPath

pytestmark = pytest.mark.gl


def test_a_cube_is_labelled_where_geometry_says(arm_world):
    arm_world.reset(3, "train")
    labels = arm_world.render_labels("front")
    camera_from_world = np.linalg.inv(arm_world.camera_pose("front"))
    for name in ("red_cube", "green_cube", "blue_cube"):
        top = np.append(arm_world.truth().objects[name].position_m + np.array([0, 0, 0.014]), 1.0)
        column, row = np.rint(
            project((camera_from_world @ top)[None, :3], arm_world.intrinsics("front"))[0]
        ).astype(int)
        assert labels.instances[labels.ids[row, column]] == name


def test_a_reaching_hand_is_told_from_the_person(arm_world):
    arm_world.reset(2, "train", "reach")
    arm_world.show(arm_world.joint_state().positions, arm_world.object_poses(), 5.0)
    labels = arm_world.render_labels("overhead")
    seen = {labels.labels[k] for k in np.unique(labels.ids)}
    assert {"person", "hand", "robot", "table", "floor", "bowl"} <= seen
    depth_m = arm_world.render("overhead").depth_m
    assert depth_m.shape == labels.ids.shape
    assert depth_m[labels.mask("table")] == pytest.approx(1.80, abs=0.01)
    assert depth_m[labels.mask("floor")] == pytest.approx(2.54, abs=0.01)
    assert (depth_m[labels.mask("hand")] < 1.80).all()


def test_hands_that_hang_belong_to_the_person(arm_world):
    arm_world.reset(2, "train", "walk")
    path = PersonPath(2, "walk")
    middle_s = 0.5 * (path.start_s + path.duration_s)
    arm_world.show(arm_world.joint_state().positions, arm_world.object_poses(), middle_s)
    labels = arm_world.render_labels("overhead")
    assert labels.mask("person").sum() > 100
    assert not labels.mask("hand").any()


def test_nobody_is_labelled_where_nobody_is(arm_world):
    arm_world.reset(2)
    labels = arm_world.render_labels("overhead")
    assert not labels.mask("person").any() and not labels.mask("hand").any()


def test_an_unknown_label_lists_the_known():
    with pytest.raises(ValueError, match="expected one of background, floor, table, robot"):
        Labels(np.zeros((2, 2), np.int32)).mask("cat")
    assert INSTANCES[0] == "background"
