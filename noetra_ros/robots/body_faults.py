"""What is wrong in a profile and its URDF where the robot's body is wanted: links that cannot be placed."""

from __future__ import annotations

from collections.abc import Sequence

import pinocchio

from noetra_ros.core.errors import Fault
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.urdf import followers, read_urdf_joints


def body_faults(profile: RobotProfile, model: pinocchio.Model, links: Sequence[str]) -> list[Fault]:
    """What keeps the shapes of links from being placed by the joints of the profile.

    Args:
        profile: robot.
        model: of its URDF.
        links: that have a shape.
    """
    bodies = {frame.name: frame for frame in model.frames if frame.type == pinocchio.FrameType.BODY}
    known = ", ".join(bodies)
    faults = [
        Fault(f"body.{link}", "a link that the URDF lacks", f"one of {known}")
        for link in profile.body
        if link not in bodies
    ]
    if profile.base_frame not in bodies:
        faults.append(Fault("base_frame", repr(profile.base_frame), f"one of {known}"))
    elif bodies[profile.base_frame].parentJoint != 0:
        faults.append(Fault("base_frame", f"{profile.base_frame}, which moves", "a link that no joint moves"))
    if not links:
        faults.append(Fault("urdf", "no link with a collision shape", "meshes, or capsules under body:"))
    movers = {name for link in links if link in bodies for name in _movers(model, bodies[link])}
    for name in sorted(movers - {*profile.joint_names, *_followers(profile)}):
        remedy = f"add {name} to joints: where its links are would be unknown"
        faults.append(Fault(f"joints.{name}", "nothing", "limits of a joint that moves the body", remedy))
    lacking = [name for name in profile.joint_names if not model.existJointName(name)]
    faults += [Fault(f"joints.{name}", "a joint that the URDF lacks", "a joint of it") for name in lacking]
    return faults


def _followers(profile: RobotProfile) -> list[str]:
    """Joints that a joint of the profile takes along."""
    assert profile.urdf_path is not None, "the model came from it"
    return [joint.name for joint in followers(read_urdf_joints(profile.urdf_path), profile.joint_names)]


def _movers(model: pinocchio.Model, body: pinocchio.Frame) -> list[str]:
    """Joints that move a link."""
    return [model.names[joint] for joint in list(model.supports[body.parentJoint]) if joint != 0]
