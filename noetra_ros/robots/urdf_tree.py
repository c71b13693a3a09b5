"""What a URDF says of a robot's build: its root, and which joints carry which link. For first profiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.urdf import UrdfJoint, read_urdf, read_urdf_joints

WORLDS = ("world", "map", "odom")  # roots that are no part of the robot
# Names that makers give to the point of work, the most telling first.
TOOL_WORDS = ("tcp", "tool0", "tool", "gripper_frame", "grasp", "end_effector", "ee", "eef", "flange", "hand")
FINGER_WORDS = ("finger", "gripper", "jaw", "knuckle")
SLIDE_LEAST_M = 0.15  # what slides less is a finger, not an axis of the arm
ARM_JOINTS_LEAST = 3


@dataclass(frozen=True)
class UrdfTree:
    """The build of one robot.

    Attributes:
        name: that the URDF has.
        root: link that carries all others, the first that is part of the robot.
        parents: joint, as (name, parent link), that carries each link but the root.
        joints: movable ones by name, in the file's order.
    """

    name: str
    root: str
    parents: dict[str, tuple[str, str]]
    joints: dict[str, UrdfJoint]

    def chain(self, link: str) -> tuple[str, ...]:
        """Names of all joints, fixed ones too, from the root to a link."""
        names: list[str] = []
        while link in self.parents:
            name, link = self.parents[link]
            names.append(name)
        return tuple(reversed(names))

    def arm(self, link: str) -> tuple[str, ...]:
        """Joints of the arm that carry a link: neither fingers nor what follows another joint."""
        return tuple(name for name in self.chain(link) if name in self.joints and _is_axis(self.joints[name]))

    def tool_link(self) -> str:
        """The link that looks most like the tool: named so, or else the last before the fingers part.

        Raises:
            ConfigError: no chain of three or more joints: not an arm.
        """
        longest = max((len(self.arm(link)) for link in self.parents), default=0)
        if longest < ARM_JOINTS_LEAST:
            remedy = "of a base with wheels write the profile by hand: docs/your_robot.md has one of 20 lines"
            got = f"{longest} joints in a row"
            raise single_fault(f"URDF {self.name}", "joints", got, "an arm of three or more", remedy)
        ends = [link for link in self.parents if len(self.arm(link)) >= longest - 1]
        named = [link for link in ends if _tool_rank(link) < len(TOOL_WORDS) and self._is_outside(link)]
        if named:
            return min(
                named, key=lambda link: (_tool_rank(link), -len(self.arm(link)), -len(self.chain(link)))
            )
        last = [link for link in self.parents if len(self.arm(link)) == longest and self._is_outside(link)]
        return min(last or ends, key=lambda link: len(self.chain(link)))

    def _is_outside(self, link: str) -> bool:
        """No finger carries it."""
        return all(name not in self.joints or _is_axis(self.joints[name]) for name in self.chain(link))


def read_tree(path: Path) -> UrdfTree:
    """The build that a URDF describes.

    Raises:
        ConfigError: not a URDF, or not one tree of links.
    """
    root = read_urdf(path)
    parents: dict[str, tuple[str, str]] = {}
    for joint in root.findall("joint"):
        parent, child = joint.find("parent"), joint.find("child")
        if parent is not None and child is not None:
            parents[child.get("link", "")] = (joint.get("name", ""), parent.get("link", ""))
    tops = [link.get("name", "") for link in root.findall("link") if link.get("name", "") not in parents]
    if len(tops) != 1:
        raise single_fault(str(path), "links", f"{len(tops)} without a parent", "one root link")
    joints = read_urdf_joints(path)
    return UrdfTree(root.get("name", ""), _first_of_robot(tops[0], parents, joints), parents, joints)


def _first_of_robot(top: str, parents: dict[str, tuple[str, str]], joints: dict[str, UrdfJoint]) -> str:
    below = [link for link, (name, parent) in parents.items() if parent == top and name not in joints]
    return below[0] if top in WORLDS and len(below) == 1 else top


def _is_axis(joint: UrdfJoint) -> bool:
    if joint.mimics or any(word in joint.name.lower() for word in FINGER_WORDS):
        return False
    return joint.kind != "prismatic" or not joint.upper_rad - joint.lower_rad < SLIDE_LEAST_M


def _tool_rank(link: str) -> int:
    words = link.lower().replace("-", "_")
    parts: Sequence[str] = words.split("_")
    for rank, word in enumerate(TOOL_WORDS):
        if word in parts or ("_" in word and word in words) or (len(word) > 3 and words.endswith(word)):
            return rank
    return len(TOOL_WORDS)


def is_limited(joint: UrdfJoint) -> bool:
    """The URDF says how far a joint goes."""
    return math.isfinite(joint.lower_rad) and math.isfinite(joint.upper_rad)
