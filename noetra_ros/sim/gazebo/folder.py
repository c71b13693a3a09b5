"""Writes the folder that Gazebo is started with: world, robot, controllers, bridge and meshes."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.controllers import parameters_yaml
from noetra_ros.robots.mesh_files import mesh_files
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.ros2_control_urdf import add_ros2_control
from noetra_ros.robots.urdf import read_urdf
from noetra_ros.sim.gazebo.bridge import bridge_yaml, in_processes
from noetra_ros.sim.gazebo.chassis import chassis_urdf, urdf_on_chassis
from noetra_ros.sim.gazebo.controllers import HARDWARE, hardware_joints
from noetra_ros.sim.gazebo.mended_urdf import mended
from noetra_ros.sim.gazebo.plugins import ALWAYS, SENSOR_SYSTEMS, System, add_plugin
from noetra_ros.sim.gazebo.robot_model import add_marks, robot_model
from noetra_ros.sim.gazebo.sensors import add_cameras, add_streams, gazebo_topic, kind_of
from noetra_ros.sim.gazebo.surroundings import world_element
from noetra_ros.sim.gazebo.topics import Service, serve
from noetra_ros.sim.gazebo.writing import add, document
from noetra_ros.sim.home import home_positions
from noetra_ros.sim.person_parts import person_at
from noetra_ros.sim.scene_description import SCENES, Mount, Scene

VERSION = "1.9"
WORLD, MODEL, URDF = "world.sdf", "model.sdf", "robot.urdf"
CONTROLLERS, MESHES = "controllers.yaml", "meshes"
BRIDGES = ("bridge.yaml", "bridge_back.yaml")  # a second one where something comes back from Gazebo
ODOM_FRAME = "odom"


@dataclass(frozen=True)
class GazeboFiles:
    """What was written.

    Attributes:
        folder: that holds it all.
        service: who serves which topic.
        bridges: names of the files of bridges, one process each.
    """

    folder: Path
    service: Service
    bridges: tuple[str, ...]

    def path(self, name: str) -> Path:
        """One of the files, absolute."""
        return self.folder / name


def scene_of(profile: RobotProfile, seed: int, person: str = "", time_s: float = 0.0) -> Scene:
    """The scene of a profile's world, things as an episode with that seed begins.

    Args:
        profile: the robot.
        seed: of things and person.
        person: kind of somebody who stands there as at `time_s` of the episode; empty = nobody.
        time_s: seconds since the start.

    Raises:
        ConfigError: the profile cannot be simulated, names an unknown world, or one without people.
    """
    if profile.sim is None:
        raise single_fault(f"robot {profile.name}", "sim", "nothing", "sim.world")
    scene = SCENES.get(profile.sim.world)(seed, profile)
    if person and not scene.person:
        raise single_fault(f"world {scene.name}", "person", repr(person), "nobody (empty)")
    return replace(scene, person=person_at(seed, person, time_s) if person else ())


def write_folder(
    profile: RobotProfile,
    scene: Scene,
    folder: Path,
    namespace: str = "",
    home: Mapping[str, float] | None = None,
) -> GazeboFiles:
    """Writes all files of a robot in a scene; those of the same names are replaced.

    Args:
        profile: the robot.
        scene: where it stands.
        folder: made if it is not there.
        namespace: of the robot's ROS topics.
        home: joint positions at the start, rad; None = the profile's.

    Raises:
        ConfigError: what the profile names cannot be had in Gazebo.
    """
    folder = folder.resolve()
    (folder / MESHES).mkdir(parents=True, exist_ok=True)
    namespace = namespace.strip("/")
    service = serve(profile, namespace)
    urdf = _robot_urdf(profile, scene)
    _copy_meshes(profile, urdf, folder / MESHES)
    body = mended(urdf) if scene.mends_urdf else urdf
    model = robot_model(profile, body, scene.mount, base_is_solid=scene.mends_urdf)
    add_marks(model, scene.marks)
    standing = add_cameras(profile, scene, model, namespace)
    add_streams(profile, model, namespace)
    _add_model_plugins(profile, model, folder / CONTROLLERS, namespace)
    parts = [model] if standing is None else [model, standing]
    world = world_element(scene, _systems(parts))
    world.extend(deepcopy(parts))
    _write(folder / WORLD, _sdf(world))
    _write(folder / MODEL, _sdf(model))
    joints = hardware_joints(urdf, service.controllers, home if home is not None else home_positions(profile))
    add_ros2_control(urdf, HARDWARE, joints)
    _write(folder / URDF, urdf)
    prefix = f"/{namespace}/" if namespace else "/"
    parameters = parameters_yaml(service.controllers, round(1.0 / scene.step_s), prefix, use_sim_time=True)
    (folder / CONTROLLERS).write_text(parameters, encoding="utf-8")
    groups = in_processes(service.entries)
    for name, entries in zip(BRIDGES, groups, strict=False):
        (folder / name).write_text(bridge_yaml(entries), encoding="utf-8")
    return GazeboFiles(folder, service, BRIDGES[: len(groups)])


def _robot_urdf(profile: RobotProfile, scene: Scene) -> Element:
    """The profile's; what drives stands on its chassis, alone where the scene does not take the URDF."""
    chassis, path = profile.sim.chassis if profile.sim is not None else None, profile.urdf_path
    if chassis is not None and (path is None or scene.mount is Mount.DRIVING):
        if path is None or not scene.mends_urdf:
            return chassis_urdf(profile, chassis)
        return urdf_on_chassis(read_urdf(path), profile, chassis)
    if path is None:
        raise single_fault(f"robot {profile.name}", "urdf", "nothing", "a URDF, or sim.chassis of a base")
    return read_urdf(path)


def _systems(parts: list[Element]) -> list[System]:
    """Plugins of the world that the sensors in it need, and those that every world has."""
    kinds = {sensor.get("type", "") for part in parts for sensor in part.iter("sensor")}
    return [*ALWAYS, *dict.fromkeys(SENSOR_SYSTEMS[kind] for kind in sorted(kinds))]


def _add_model_plugins(profile: RobotProfile, model: Element, controllers: Path, namespace: str) -> None:
    control = add_plugin(model, System.ROS2_CONTROL)
    add(control, "parameters", str(controllers))
    if namespace:
        add(add(control, "ros"), "namespace", f"/{namespace}")
    for name, stream in profile.streams.items():
        if kind_of(name, stream) == "odom":
            odometry = add_plugin(model, System.ODOMETRY)
            add(odometry, "odom_frame", ODOM_FRAME)
            add(odometry, "robot_base_frame", profile.base_frame)
            add(odometry, "odom_publish_frequency", stream.rate_hz)
            add(odometry, "odom_topic", gazebo_topic(stream.topic, namespace))


def _sdf(content: Element) -> Element:
    root = Element("sdf", version=VERSION)
    root.append(content)
    return root


def _write(path: Path, root: Element) -> None:
    path.write_text(document(root), encoding="utf-8")


def _copy_meshes(profile: RobotProfile, urdf: Element, folder: Path) -> None:
    """Copies what the URDF names, and names the copies in it by absolute path, for RViz."""
    if profile.urdf_path is None:
        return  # a chassis has no meshes
    targets: dict[Path, Path] = {}
    for mesh, source in mesh_files(urdf, profile.urdf_path):
        if source not in targets:
            targets[source] = target = _free(folder / source.name, targets.values())
            if not target.exists() or target.stat().st_size != source.stat().st_size:
                shutil.copyfile(source, target)
        mesh.set("filename", targets[source].as_uri())


def _free(path: Path, taken: Collection[Path]) -> Path:
    """The path, numbered where another mesh of that name has it: visual/arm.stl, collision/arm.stl."""
    names = (path, *(path.with_stem(f"{path.stem}_{number}") for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)
