"""An arm as `noetra robot new` meets it: a world above its root, links without inertia or shapes to touch."""

import re
import sys
from pathlib import Path

from noetra_ros.robots.draft import draft_profile
from noetra_ros.robots.draft_text import profile_text

sys.path.insert(0, str(Path(__file__).parents[2] / "robots"))
from made_arm import arm_urdf

STAND = '<joint name="stand" type="fixed"><parent link="world"/><child link="base"/></joint>'
# Two moments of three together are less than the third: no body has these.
UNSOUND = '<inertia ixx="0.0001" ixy="0.00002" ixz="0" iyy="0.0002" iyz="0" izz="0.01"/>'


def urdf_text():
    """`base`, `upper`, fingers: no inertia; `hand`: an unsound one; `fore`: a shape for the eye alone."""
    extra = f'<link name="world"/>{STAND}'
    text = arm_urdf(elbow='lower="-2" upper="2" velocity="3" effort="0"', turn="continuous", extra=extra)
    for name in ("base", "upper", "left", "right"):
        text = re.sub(rf'(<link name="{name}">)<inertial>.*?</inertial>', r"\1", text)
    text = re.sub(r'(<link name="hand">.*?)<inertia .*?/>', rf"\1{UNSOUND}", text)
    return re.sub(r'(<link name="fore">.*?)<collision>(.*?)</collision>', r"\1<visual>\2</visual>", text)


def write_profile(folder):
    """Path of the YAML file, its URDF beside it."""
    (folder / "made_arm.urdf").write_text(urdf_text(), encoding="utf-8")
    path = folder / "made_arm.yaml"
    path.write_text(profile_text(draft_profile(folder / "made_arm.urdf")), encoding="utf-8")
    return path
