"""The cameras of a simulated robot: mounts, pictures, poses; one renderer for each picture size."""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import Camera, RobotProfile
from noetra_ros.sim.cameras import (
    MUJOCO_FROM_OPTICAL,
    CameraImage,
    Intrinsics,
    camera_quat_wxyz,
    intrinsics,
)
from noetra_ros.sim.rendering import Renderer, check_picture
from noetra_ros.sim.variation import Variation


def add_cameras(spec: mujoco.MjSpec, profile: RobotProfile) -> None:
    """Adds the profile's cameras to a model at their mounts.

    Raises:
        ConfigError: a camera hangs on a link that the model lacks.
    """
    for name, camera in profile.cameras.items():
        parent = spec.worldbody if camera.parent_link == "world" else spec.body(camera.parent_link)
        if parent is None:
            links = ", ".join(body.name for body in spec.bodies if body.name)
            key = f"cameras.{name}.parent_link"
            raise single_fault(f"robot {profile.name}", key, repr(camera.parent_link), f"one of {links}")
        parent.add_camera(
            name=name,
            pos=camera.position_m,
            quat=camera_quat_wxyz(camera.position_m, camera.look_at_m, camera.up),
            fovy=np.degrees(camera.fovy_rad),
        )


class Eyes:
    """Draws what the profile's cameras see. Use it from one thread.

    Args:
        profile: the robot.
        model: compiled model that has the cameras; their poses are changed by `jitter`.
        data: state that is drawn.
    """

    def __init__(self, profile: RobotProfile, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        self._profile, self._model, self._data = profile, model, data
        self._positions, self._quats = model.cam_pos.copy(), model.cam_quat.copy()
        self._renderers: dict[tuple[int, int], Renderer] = {}
        self._displaced: dict[str, tuple[FloatArray, FloatArray]] = {}
        self._variation: Variation | None = None

    def jitter(self, variation: Variation) -> None:
        """Moves the cameras as drawn, each in its own frame; those left out stay nominal."""
        self._variation = variation
        for name in self._profile.cameras:
            self._mount(name)

    def displace(self, camera: str, shift_m: FloatArray, turn_rad: FloatArray) -> None:
        """Knocks a camera out of its place, until it is put back by zeros; episodes do not change it.

        Args:
            camera: of the profile.
            shift_m: (3,) in its own frame.
            turn_rad: (3,) rotation vector in its own frame.

        Raises:
            ConfigError: no such camera.
        """
        self._lens(camera)
        self._displaced[camera] = (np.asarray(shift_m, float), np.asarray(turn_rad, float))
        self._mount(camera)

    def _mount(self, name: str) -> None:
        """Puts a camera where variation and displacement have it."""
        index = self._model.camera(name).id
        nothing = np.zeros(3)
        drawn = (nothing, nothing)
        if self._variation is not None:
            offsets, turns = self._variation.camera_offsets_m, self._variation.camera_turns_rad
            drawn = (offsets.get(name, nothing), turns.get(name, nothing))
        position, quat = self._positions[index], self._quats[index]
        for shift, turn in (drawn, self._displaced.get(name, (nothing, nothing))):
            position, quat = _moved(position, quat, shift, turn)
        self._model.cam_pos[index], self._model.cam_quat[index] = position, quat

    def intrinsics(self, camera: str) -> Intrinsics:
        """Intrinsics of one camera.

        Raises:
            ConfigError: no such camera.
        """
        return intrinsics(self._lens(camera))

    def pose(self, camera: str) -> FloatArray:
        """(4, 4) world_from_optical, as it is now.

        Raises:
            ConfigError: no such camera.
        """
        self._lens(camera)
        mujoco.mj_camlight(self._model, self._data)
        index = self._model.camera(camera).id
        pose = np.eye(4)
        pose[:3, :3] = self._data.cam_xmat[index].reshape(3, 3) @ MUJOCO_FROM_OPTICAL
        pose[:3, 3] = self._data.cam_xpos[index]
        return pose

    def render(self, camera: str) -> CameraImage:
        """A picture.

        Raises:
            ConfigError: no such camera.
            RenderingError: OpenGL does not work here, or the picture is blank.
        """
        lens, renderer = self._ready(camera)
        rgb, depth_m = renderer.draw(self._data, self._model.camera(camera).id, lens.sees_room)
        check_picture(rgb, camera)
        return CameraImage(rgb, depth_m)

    def geoms(self, camera: str) -> NDArray[np.int32]:
        """(height, width) id of the geom that each pixel shows; -1 = none.

        Raises:
            ConfigError: no such camera.
            RenderingError: OpenGL does not work here.
        """
        lens, renderer = self._ready(camera)
        return renderer.draw_geoms(self._data, self._model.camera(camera).id, lens.sees_room)

    def _ready(self, camera: str) -> tuple[Camera, Renderer]:
        """The camera and a renderer of its size; the model's cameras are where the state has them."""
        lens = self._lens(camera)
        size = (lens.width_px, lens.height_px)
        if size not in self._renderers:
            self._renderers[size] = Renderer(self._model, *size)
        mujoco.mj_camlight(self._model, self._data)
        return lens, self._renderers[size]

    def _lens(self, camera: str) -> Camera:
        if camera not in self._profile.cameras:
            known = ", ".join(self._profile.cameras) or "no camera"
            raise single_fault(f"robot {self._profile.name}", "camera", repr(camera), f"one of {known}")
        return self._profile.cameras[camera]

    def close(self) -> None:
        """Gives the GL memory back."""
        for renderer in self._renderers.values():
            renderer.close()
        self._renderers.clear()


def _moved(
    position_m: FloatArray, quat_wxyz: FloatArray, shift_m: FloatArray, turn_rad: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """A pose shifted and turned in its own frame."""
    offset, turn, turned = np.zeros(3), np.zeros(4), np.zeros(4)
    angle = float(np.linalg.norm(turn_rad))
    axis = turn_rad / angle if angle else np.array([1.0, 0.0, 0.0])
    mujoco.mju_axisAngle2Quat(turn, axis, angle)
    mujoco.mju_mulQuat(turned, quat_wxyz, turn)
    mujoco.mju_rotVecQuat(offset, shift_m, quat_wxyz)
    return position_m + offset, turned
