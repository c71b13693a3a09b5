"""Reads generated SDF for the tests: poses in the world frame, joints, inertias, shapes."""

import numpy as np
import pinocchio

from noetra_ros.robots.urdf import read_urdf_joints


def pose_in(element):
    """(4, 4) of an element's `pose` in the frame that it is relative to."""
    given, result = element.find("pose"), np.eye(4)
    if given is None:
        return result
    numbers = np.array([float(word) for word in given.text.split()])
    result[:3, 3] = numbers[:3]
    if given.get("rotation_format") == "quat_xyzw":
        result[:3, :3] = pinocchio.Quaternion(*numbers[[6, 3, 4, 5]]).matrix()
    else:
        result[:3, :3] = pinocchio.rpy.rpyToMatrix(*numbers[3:])
    return result


def relative_to(element):
    given = element.find("pose")
    return "" if given is None else given.get("relative_to", "")


class ModelFrames:
    """Poses of a model's links, frames and joints in the world frame, all joints at zero."""

    def __init__(self, model):
        self.model, self.base = model, pose_in(model)
        self.named = {e.get("name"): e for tag in ("link", "frame", "joint") for e in model.findall(tag)}

    def of(self, name):
        if name == "__model__":
            return self.base
        element = self.named[name]
        parent = relative_to(element) or element.get("attached_to", "")
        return (self.of(parent) if parent else self.base) @ pose_in(element)

    def inside(self, link, element):
        """Of an element in a link, such as a sensor."""
        return self.of(relative_to(element) or link.get("name")) @ pose_in(element)


def models_of(world):
    return {model.get("name"): model for model in world.findall("model")}


def inertia_of(link):
    """Mass, (4, 4) pose of the centre in the link, (3, 3) inertia about it."""
    inertial = link.find("inertial")
    xx, xy, xz, yy, yz, zz = (
        float(inertial.findtext(f"inertia/{tag}")) for tag in ("ixx", "ixy", "ixz", "iyy", "iyz", "izz")
    )
    tensor = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    return float(inertial.findtext("mass")), pose_in(inertial), tensor


def half_sizes(collision):
    """Sizes as MuJoCo has them."""
    (shape,) = collision.findall("geometry/*")
    if shape.tag == "box":
        return [float(word) / 2 for word in shape.findtext("size").split()]
    if shape.tag == "plane":
        return [float(word) / 2 for word in shape.findtext("size").split()]
    radius = float(shape.findtext("radius"))
    return [radius] if shape.tag == "sphere" else [radius, float(shape.findtext("length")) / 2]


def followers(profile):
    """Joints that mimic others, and that the profile does not name."""
    if profile.urdf_path is None:
        return set()
    joints = read_urdf_joints(profile.urdf_path)
    return {name for name, joint in joints.items() if joint.mimics and name not in profile.joint_names}


def rolling(profile):
    """Joints of the wheels, which MuJoCo's world does not have: there a base glides."""
    return set() if profile.sim.chassis is None else {"left_wheel_joint", "right_wheel_joint"}
