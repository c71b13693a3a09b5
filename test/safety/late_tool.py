"""A tool on a gantry that follows twists late, under a supervisor; its way is added up here."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import yaml
from supervised import SETTINGS

from noetra_ros.core.types import Command, CommandKind
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.settings import SupervisorSettings, check_values
from noetra_ros.safety.supervisor import Supervisor

PERIOD_S, PARTS = 0.01, 5
HALF_M = 0.2  # of the box
AXES = {"x": "1 0 0", "y": "0 1 0", "z": "0 0 1"}
SLIDES, TURNS = ("px", "py", "pz"), ("rz", "ry", "rx")


def gantry(folder: Path, frame: str) -> str:
    """Writes URDF and profile of a gantry: three slides, then a wrist whose axes meet in the tool."""
    links, joints, parent = ['<link name="base"/>'], [], "base"
    for name in (*SLIDES, *TURNS):
        child = "tool" if name == TURNS[-1] else f"after_{name}"
        kind = "prismatic" if name in SLIDES else "revolute"
        links.append(f'<link name="{child}"/>')
        joints.append(
            f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/>'
            f'<axis xyz="{AXES[name[1]]}"/><limit lower="-9" upper="9" velocity="9" effort="9"/></joint>'
        )
        parent = child
    urdf = folder / "gantry.urdf"
    urdf.write_text(f'<robot name="gantry">{"".join(links + joints)}</robot>', encoding="utf-8")
    limits = {
        "lower_rad": -9.0, "upper_rad": 9.0, "velocity_radps": 9.0, "acceleration_radps2": 9.0,
        "jerk_radps3": 9.0, "tracking_error_rad": 9.0,
    }  # fmt: skip
    twist = {
        "frame": frame, "linear_mps": 0.4, "angular_radps": 2.0, "linear_mps2": 1.5, "angular_radps2": 10.0,
        "linear_mps3": 30.0, "angular_radps3": 200.0,
    }  # fmt: skip
    channel = {
        "kind": "ee_twist", "topic": "t", "message": "geometry_msgs/TwistStamped", "rate_hz": 1.0 / PERIOD_S,
        "controller_timeout_s": 0.1, "twist": twist,
    }  # fmt: skip
    profile = {
        "name": "gantry", "description": "a gantry", "base_frame": "base", "urdf": str(urdf),
        "joints": dict.fromkeys((*SLIDES, *TURNS), limits),
        "workspace": {
            "frame": "base", "tool_link": "tool", "lower_m": [-HALF_M] * 3, "upper_m": [HALF_M] * 3,
        },
        "default_channel": "tool", "channels": {"tool": channel},
        "streams": {"joint_states": {"topic": "joint_states", "rate_hz": 100.0, "max_age_s": 0.2}},
    }  # fmt: skip
    path = folder / "gantry.yaml"
    path.write_text(yaml.safe_dump(profile), encoding="utf-8")
    return str(path)


class LateTool:
    """Steps supervisor and tool.

    Args:
        profile: path of `gantry`.
        delay_s: from a command going out until the tool follows it; the supervisor counts with up to 0.1.
        age_s: of joint states on arrival.
        without: a check that does not run.
    """

    def __init__(self, profile: str, delay_s: float = 0.0, age_s: float = 0.0, without: str = "") -> None:
        robot = load_robot(profile)
        self.limits = channel_limits(robot, robot.channel())
        names = [name for name in (*SETTINGS.checks, "tool_travel", "reduced_speed") if name != without]
        values = check_values(SETTINGS) | {"controller_latency_s": 0.1}
        settings: SupervisorSettings = SETTINGS
        self.supervisor = Supervisor(self.limits, build_checks(names, values, self.limits).running, settings)
        self._is_tool_frame = self.limits.is_tool_frame
        self._late, self._old = round(delay_s / PERIOD_S), round(age_s / PERIOD_S)
        self.now_ns = 10**10
        self.place = np.zeros(3)
        self.turn = np.eye(3)
        self.twist = np.zeros(6)
        self._orders = [np.zeros(6)] * (self._late + 1)
        self._seen: list[np.ndarray] = []
        self.places: list[np.ndarray] = []
        self.sent: list[np.ndarray] = [np.zeros(6)]

    def start(self) -> None:
        """Armed."""
        self.step(None)
        refusal = self.supervisor.arm(self.now_ns).refusal
        assert refusal == "", refusal

    def step(self, twist, frame: str = "") -> None:
        """One period with or without a command."""
        self.now_ns += round(PERIOD_S * 1e9)
        self._seen.append(np.concatenate([self.place, wrist_angles(self.turn)]))
        at_s = min(self._old, len(self._seen) - 1) * PERIOD_S
        self.supervisor.on_joint_state(self._seen[-1 - round(at_s / PERIOD_S)], self.now_ns, at_s)
        self._take(self.supervisor.tick(self.now_ns))
        if twist is not None:
            command = Command(CommandKind.EE_TWIST, np.array(twist, float), self.now_ns, frame=frame)
            self._take(self.supervisor.on_command(command))
        self._orders.append(self.twist)
        self._go(self._orders[-1 - self._late])
        self.places.append(self.place)

    def _take(self, decision) -> None:
        if decision.values is not None:
            self.twist = decision.values
            self.sent.append(decision.values)

    def _go(self, order) -> None:
        for _ in range(PARTS):
            dt_s = PERIOD_S / PARTS
            turned = rotation(order[3:] * dt_s)
            if self._is_tool_frame:
                self.place = self.place + self.turn @ rotation(order[3:] * dt_s / 2) @ order[:3] * dt_s
                self.turn = self.turn @ turned
            else:
                self.place = self.place + order[:3] * dt_s
                self.turn = turned @ self.turn


def rotation(vector_rad) -> np.ndarray:
    """(3, 3) rotation by a vector (Rodrigues)."""
    angle = float(np.linalg.norm(vector_rad))
    if angle == 0.0:
        return np.eye(3)
    x, y, z = vector_rad / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + math.sin(angle) * cross + (1.0 - math.cos(angle)) * cross @ cross


def wrist_angles(turn) -> np.ndarray:
    """(3,) rz, ry, rx of the wrist that turns the tool so."""
    ry = -math.asin(min(max(turn[2, 0], -1.0), 1.0))
    return np.array([math.atan2(turn[1, 0], turn[0, 0]), ry, math.atan2(turn[2, 1], turn[2, 2])])
