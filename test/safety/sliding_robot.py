"""A robot of three slides and a turn, of plain boxes: how near what is can be told by hand."""

from __future__ import annotations

from pathlib import Path

import yaml

from noetra_ros.robots.profile import RobotProfile, load_robot

JOINTS = ("px", "py", "pz", "turn")
# link, parent, joint, axis, kind, edge of its box (0 = none) and where that is.
LINKS = (
    ("carriage", "base_link", "px", "1 0 0", "prismatic", 0.1, "0 0 2"),
    ("cage", "carriage", "py", "0 1 0", "prismatic", 30.0, "0 0 0"),
    ("mast", "cage", "pz", "0 0 1", "prismatic", 0.0, "0 0 0"),
    ("tool", "mast", "turn", "0 0 1", "revolute", 0.1, "0 0 0"),
)


def _link(name: str, edge_m: float, place: str) -> str:
    box = f'<origin xyz="{place}"/><geometry><box size="{edge_m} {edge_m} {edge_m}"/></geometry>'
    return f'<link name="{name}">{f"<collision>{box}</collision>" if edge_m else ""}</link>'


SHUTTER = ("shutter", "base_link", "lift", "0 0 1", "prismatic", 0.1, "1 0 0")


def slider(folder: Path, has_shutter: bool = False, **changes) -> RobotProfile:
    """Base and tool are boxes of 0.2 and 0.1 m; the carriage is far above, the cage is around all of it.

    Args:
        folder: where the files go.
        has_shutter: a box of 0.1 m a metre ahead of the base moves up and down beside the rest.
        changes: of the profile as the file has it.
    """
    parts = [_link("base_link", 0.2, "0 0 0")]
    for name, parent, joint, axis, kind, edge_m, place in (*LINKS, SHUTTER)[: 5 if has_shutter else 4]:
        parts.append(_link(name, edge_m, place))
        parts.append(
            f'<joint name="{joint}" type="{kind}"><parent link="{parent}"/><child link="{name}"/>'
            f'<axis xyz="{axis}"/><limit lower="-9" upper="9" velocity="9" effort="9"/></joint>'
        )
    urdf = folder / "slider.urdf"
    urdf.write_text(f'<robot name="slider">{"".join(parts)}</robot>', encoding="utf-8")
    limits = {
        "lower_rad": -1.0, "upper_rad": 1.0, "velocity_radps": 1.0, "acceleration_radps2": 5.0,
        "jerk_radps3": 100.0, "tracking_error_rad": 0.3,
    }  # fmt: skip
    joints = [*JOINTS, "lift"] if has_shutter else [*JOINTS]
    channel = {
        "kind": "joint_position", "topic": "t", "message": "std_msgs/Float64MultiArray", "rate_hz": 100.0,
    }  # fmt: skip
    profile = {
        "name": "slider", "description": "slides", "base_frame": "base_link", "urdf": str(urdf),
        "joints": dict.fromkeys(joints, limits), "default_channel": "arm",
        "channels": {"arm": {**channel, "joints": joints}},
        "streams": {"joint_states": {"topic": "joint_states", "rate_hz": 100.0, "max_age_s": 0.2}},
        "workspace": {
            "frame": "base_link", "tool_link": "tool",
            "lower_m": [-0.5, -0.6, -0.7], "upper_m": [0.8, 0.9, 1.0],
        },
        **changes,
    }  # fmt: skip
    path = folder / "slider.yaml"
    path.write_text(
        yaml.safe_dump({k: v for k, v in profile.items() if v is not None}, sort_keys=False), encoding="utf-8"
    )
    return load_robot(str(path))
