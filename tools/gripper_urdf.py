"""Puts a two-finger parallel gripper of boxes at the tool flange of an arm's URDF: for make_robot_assets.py.

The size and the figures are a Robotiq 2F-85's (instruction manual of the 2F-85 and 2F-140, specifications:
stroke 85 mm, grip force 20 to 235 N, closing speed 20 to 150 mm/s, 0.925 kg, 149 mm open and 163 mm closed
above its coupling). The shapes are our own. As in the ROS 2 driver (PickNikRobotics/ros2_robotiq_gripper
3b6cf8f, robotiq_description) a motor turns the left knuckle, 0 rad = open, 0.7929 rad = closed; here the two
fingers slide in proportion to it. On the real one a four-bar linkage moves them: with that description's
lengths the opening between the ends differs from ours by up to 3 mm, and the pads go 13.5 mm out as they
close. Our fingers always have the length of the closed gripper: never shorter than the real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

STROKE_M = 0.085
GRIP_N = 235.0
SPEED_MPS = 0.150
CLOSED_RAD = 0.7929  # of the knuckle
# A little further on both sides: the driver tells positions beyond both ends (3 and 230 of 255 are the ends).
KNUCKLE_RAD = (-0.03, 0.85)
PER_RAD_M = 0.5 * STROKE_M / CLOSED_RAD  # of one finger
MASS_KG = {"palm": 0.720, "knuckle": 0.005, "finger": 0.100}
PALM_M = 0.085  # above the flange
TIP_M, TCP_M = 0.163, 0.145  # tips, and the middle of the pads between open and closed
KNUCKLE = "robotiq_85_left_knuckle_joint"
DARK, RUBBER = ("0.16 0.17 0.19 1", "gripper"), ("0.05 0.05 0.05 1", "rubber")
Box = tuple[Sequence[float], Sequence[float], tuple[str, str]]  # edges m, middle m, colour

# Frame of the flange: z out, the fingers part along x.
PALM: tuple[Box, ...] = (
    ((0.075, 0.075, 0.012), (0.0, 0.0, 0.006), DARK),
    ((0.090, 0.064, PALM_M - 0.012), (0.0, 0.0, 0.5 * (PALM_M + 0.012)), DARK),
    ((0.149, 0.020, 0.012), (0.0, 0.0, PALM_M - 0.006), DARK),  # as wide as the open linkage
)
# Frame of a finger: x away from the other one, beginning at the face of the pad.
FINGER: tuple[Box, ...] = (
    ((0.004, 0.022, 0.036), (0.002, 0.0, TIP_M - 0.018), RUBBER),
    ((0.010, 0.022, 0.050), (0.009, 0.0, TIP_M - 0.025), DARK),
    ((0.026, 0.027, 0.045), (0.019, 0.0, PALM_M + 0.0225), DARK),
)


def with_gripper(arm: Element, flange: str) -> Element:
    """The arm with the gripper at its link `flange`, whose z axis points away from the arm."""
    arm.set("name", f"{arm.get('name')}_gripper")
    _link(arm, "robotiq_85_base_link", MASS_KG["palm"], PALM)
    _joint(arm, "robotiq_85_base_joint", "fixed", (flange, "robotiq_85_base_link"))
    _link(arm, "robotiq_85_left_knuckle_link", MASS_KG["knuckle"], ())
    turn = _joint(
        arm, KNUCKLE, "revolute", ("robotiq_85_base_link", "robotiq_85_left_knuckle_link"), "0.0306 0 0.0549"
    )
    SubElement(turn, "axis", xyz="0 -1 0")
    lower, upper = KNUCKLE_RAD
    # Both fingers press with the force, by virtual work.
    effort, speed = 2.0 * PER_RAD_M * GRIP_N, SPEED_MPS / (2.0 * PER_RAD_M)
    _limit(turn, lower, upper, speed, effort)
    for side, yaw in (("left", "0"), ("right", "3.141592653589793")):
        _finger(arm, side, yaw)
    SubElement(arm, "link", name="gripper_tcp")
    links = ("robotiq_85_base_link", "gripper_tcp")
    _joint(arm, "gripper_tcp_joint", "fixed", links, f"0 0 {TCP_M}")
    return arm


def _finger(arm: Element, side: str, yaw: str) -> None:
    link = f"gripper_{side}_finger"
    _link(arm, link, MASS_KG["finger"], FINGER)
    slide = _joint(arm, f"{link}_joint", "prismatic", ("robotiq_85_base_link", link), rpy=f"0 0 {yaw}")
    SubElement(slide, "axis", xyz="1 0 0")
    lower, upper = (0.5 * STROKE_M - PER_RAD_M * rad for rad in reversed(KNUCKLE_RAD))
    _limit(slide, lower, upper, 0.5 * SPEED_MPS, GRIP_N)
    SubElement(slide, "mimic", joint=KNUCKLE, multiplier=f"{-PER_RAD_M:.9g}", offset=f"{0.5 * STROKE_M:.9g}")


def _joint(
    arm: Element, name: str, kind: str, links: tuple[str, str], xyz: str = "0 0 0", rpy: str = "0 0 0"
) -> Element:
    joint = SubElement(arm, "joint", name=name, type=kind)
    SubElement(joint, "parent", link=links[0])
    SubElement(joint, "child", link=links[1])
    SubElement(joint, "origin", rpy=rpy, xyz=xyz)
    return joint


def _limit(joint: Element, lower: float, upper: float, velocity: float, effort: float) -> None:
    numbers = {"effort": effort, "lower": lower, "upper": upper, "velocity": velocity}
    SubElement(joint, "limit", {key: f"{value:.9g}" for key, value in numbers.items()})


def _link(arm: Element, name: str, mass_kg: float, boxes: Sequence[Box]) -> None:
    """A link of boxes, for the eye and for contact; its inertia is that of a box around them."""
    link = SubElement(arm, "link", name=name)
    lower, upper = _extent(boxes)
    middle = [0.5 * (low + high) for low, high in zip(lower, upper, strict=True)]
    squares = [(high - low) ** 2 for low, high in zip(lower, upper, strict=True)]
    inertial = SubElement(link, "inertial")
    SubElement(inertial, "mass", value=f"{mass_kg:.9g}")
    SubElement(inertial, "origin", rpy="0 0 0", xyz=_words(middle))
    values = dict.fromkeys(("ixy", "ixz", "iyz"), "0")
    for axis, square in zip("xyz", squares, strict=True):
        values[f"i{axis}{axis}"] = f"{mass_kg * (sum(squares) - square) / 12.0:.6g}"
    SubElement(inertial, "inertia", dict(sorted(values.items())))
    for part in ("visual", "collision"):
        for edges, place, (rgba, colour) in boxes:
            shape = SubElement(link, part)
            SubElement(shape, "origin", rpy="0 0 0", xyz=_words(place))
            SubElement(SubElement(shape, "geometry"), "box", size=_words(edges))
            if part == "visual":
                SubElement(SubElement(shape, "material", name=colour), "color", rgba=rgba)


def _extent(boxes: Sequence[Box]) -> tuple[list[float], list[float]]:
    """Lowest and highest corner, m; of a link without shapes a box of 2 cm."""
    if not boxes:
        return [-0.01] * 3, [0.01] * 3
    lower = [min(place[i] - 0.5 * edges[i] for edges, place, _ in boxes) for i in range(3)]
    upper = [max(place[i] + 0.5 * edges[i] for edges, place, _ in boxes) for i in range(3)]
    return lower, upper


def _words(numbers: Sequence[float]) -> str:
    return " ".join(f"{number:.6g}" for number in numbers)
