"""A made-up arm of seven joints without meshes: whatever holds for it holds by its profile and URDF alone."""

import yaml

NAMES = [f"joint_{k}" for k in range(1, 8)]
LINK = """
  <link name="{name}">
    <inertial><origin xyz="0 0 0.05" rpy="0.1 0 0.2"/><mass value="{mass}"/>
      <inertia ixx="0.004" ixy="0.0001" ixz="0" iyy="0.005" iyz="0" izz="0.003"/></inertial>
    <visual><origin xyz="0 0 0.05"/><geometry><cylinder radius="0.04" length="0.1"/></geometry></visual>
    <collision><origin xyz="0 0 0.05"/><geometry><cylinder radius="0.04" length="0.1"/></geometry></collision>
  </link>"""
JOINT = """
  <joint name="{name}" type="revolute">
    <origin xyz="0.01 0 0.12" rpy="{roll} 0.02 0"/><parent link="{parent}"/><child link="{child}"/>
    <axis xyz="{axis}"/><limit lower="{lower}" upper="2.8" velocity="2.1" effort="80"/>
  </joint>"""
MARK = """
  <link name="flange"/>
  <joint name="flange_joint" type="fixed">
    <origin xyz="0 0.03 0.08" rpy="0 0.7 0"/><parent link="link_7"/><child link="flange"/>
  </joint>"""


def urdf_text():
    links = [LINK.format(name="base", mass=3.0)]
    for k, name in enumerate(NAMES, 1):
        parent = "base" if k == 1 else f"link_{k - 1}"
        axis = ("0 0 1", "0 1 0")[k % 2]
        links.append(LINK.format(name=f"link_{k}", mass=2.0 - 0.2 * k))
        values = {
            "parent": parent,
            "child": f"link_{k}",
            "axis": axis,
            "roll": 0.1 * k,
            "lower": -2.0 - 0.1 * k,
        }
        links.append(JOINT.format(name=name, **values))
    return f'<robot name="made">{"".join(links)}{MARK}</robot>'


def write_profile(folder):
    """Path of the YAML file, its URDF beside it."""
    (folder / "made.urdf").write_text(urdf_text(), encoding="utf-8")
    limits = {"lower_rad": -2.0, "upper_rad": 2.8, "velocity_radps": 2.0}
    limits |= {"acceleration_radps2": 10.0, "jerk_radps3": 500.0, "tracking_error_rad": 0.3}
    channel = {"kind": "joint_velocity", "topic": "speeds/commands", "message": "std_msgs/Float64MultiArray"}
    stream = {"rate_hz": 100.0, "max_age_s": 0.1}
    camera = {
        "topic": "hand/image_raw", "frame": "hand_optical", "width_px": 160, "height_px": 96, "rate_hz": 10.0,
        "fovy_rad": 0.9, "parent_link": "flange", "position_m": [0.0, 0.02, 0.01],
        "look_at_m": [0.1, 0.0, 0.3],
    }  # fmt: skip
    servo = {"kp": 800.0, "kv": 40.0, "torque_nm": 60.0, "armature_kgm2": 0.1}
    profile = {
        "name": "made",
        "description": "made for a test",
        "base_frame": "base",
        "urdf": str(folder / "made.urdf"),
        "joints": dict.fromkeys(NAMES, limits),
        "default_channel": "arm",
        "channels": {"arm": {**channel, "rate_hz": 100.0, "joints": NAMES}},
        "streams": {
            "joint_states": {"topic": "joint_states", **stream},
            "wrench": {"topic": "wrench", **stream},
        },
        "cameras": {"hand": camera},
        "sim": {
            "world": "table",
            "home": {"joint_2": 0.4},
            "servos": dict.fromkeys(NAMES, servo),
            "hand": {"link": "link_7", "point_m": [0.0, 0.0, 0.1]},
        },
    }
    path = folder / "made.yaml"
    path.write_text(yaml.safe_dump(profile), encoding="utf-8")
    return path
