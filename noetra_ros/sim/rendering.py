"""Off-screen pictures: an OpenGL back end that really draws here, and never a blank picture silently."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import ImageArray

BACKENDS = ("egl", "osmesa")
# Groups of geoms: 0, 1 and 2 are seen by all, 3 is collision shapes, 5 is hidden. A camera sees the table
# either without end (the policy's: it was trained so) or with its edges and the floor around it.
ENDLESS_GROUP, ROOM_GROUP, HIDDEN_GROUP = 2, 4, 5
PROBE_TIMEOUT_S = 60
REMEDY = (
    "install a software OpenGL: `apt install libegl1 libgl1-mesa-dri` (EGL) or `apt install libosmesa6` "
    "(OSMesa), or set MUJOCO_GL to a back end that works"
)


class RenderingError(NoetraError):
    """No picture can be drawn on this machine, or what was drawn is blank."""


def make_context(backend: str, width_px: int, height_px: int) -> Any:
    """An off-screen GL context of one back end, made current."""
    load_triton_first()
    module = importlib.import_module(f"mujoco.{backend}")
    context = module.GLContext(width_px, height_px)
    context.make_current()
    return context


@functools.cache
def load_triton_first() -> None:
    """Map triton's library, where there is one: whoever draws in software and then trains or compiles with
    torch in the same process would else end in a segmentation fault.

    Mesa's software renderer and triton each bring an LLVM along, and triton's start-up code takes the other
    one's parts when that was there before it; the other way round they keep apart. It costs 50 ms, once.
    """
    spec = importlib.util.find_spec("triton")
    folders = spec.submodule_search_locations if spec is not None else None
    for folder in folders or ():
        for path in Path(folder, "_C").glob("libtriton*.so"):
            with contextlib.suppress(OSError):  # not for this machine: then torch does not load it either
                ctypes.CDLL(str(path))


def check_picture(rgb: ImageArray, camera: str) -> None:
    """Refuses a picture of one single colour.

    Raises:
        RenderingError: every pixel is the same.
    """
    if rgb.size == 0 or (rgb == rgb[0, 0]).all():
        colour = rgb[0, 0].tolist() if rgb.size else "none"
        raise RenderingError(
            f"camera {camera}: got a blank picture (every pixel {colour}), expected a scene -> {REMEDY}"
        )


def probe(backend: str) -> str:
    """Draws a small scene in a process of its own (a broken driver can kill it).

    Returns:
        Empty if it worked, else the reason.
    """
    code = f"from noetra_ros.sim.rendering import draw_probe; draw_probe({backend!r})"
    environment = {k: v for k, v in os.environ.items() if k not in ("MUJOCO_GL", "PYOPENGL_PLATFORM")}
    environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PROBE_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return f"no picture within {PROBE_TIMEOUT_S} s"
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"ended with code {done.returncode}"


def draw_probe(backend: str) -> None:
    """Draws a box and checks that it is there."""
    box = '<light pos="0 0 3"/><geom type="box" size=".2 .3 .2" rgba="1 0 0 1"/>'
    model = mujoco.MjModel.from_xml_string(f"<mujoco><worldbody>{box}</worldbody></mujoco>")
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    renderer = Renderer(model, 32, 32, backend)
    rgb, _ = renderer.draw(data, -1)
    check_picture(rgb, "probe")
    renderer.close()


@functools.cache
def choose_backend() -> str:
    """The first back end that draws on this machine; MUJOCO_GL, where set, is tried alone.

    Raises:
        RenderingError: none works; says why for each and what to install.
    """
    asked = os.environ.get("MUJOCO_GL", "").lower()
    candidates = (asked,) if asked in BACKENDS else BACKENDS
    reasons = []
    for backend in candidates:
        reason = probe(backend)
        if not reason:
            return backend
        reasons.append(f"{backend}: {reason}")
    raise RenderingError(f"off-screen rendering: {'; '.join(reasons)} -> {REMEDY}")


class Renderer:
    """Draws colour and depth of one model in one pass. Use it from one thread only.

    Args:
        model: compiled model; its visual settings are used as they are.
        width_px: picture width.
        height_px: picture height.
        backend: `egl` or `osmesa`; empty = whichever works.
    """

    def __init__(self, model: mujoco.MjModel, width_px: int, height_px: int, backend: str = "") -> None:
        self.backend = backend or choose_backend()
        self._model = model
        self._gl = make_context(self.backend, width_px, height_px)
        self._viewport = mujoco.MjrRect(0, 0, width_px, height_px)
        model.vis.global_.offwidth = max(model.vis.global_.offwidth, width_px)
        model.vis.global_.offheight = max(model.vis.global_.offheight, height_px)
        self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100.value)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value, self._context)
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR.value
        self._scene = mujoco.MjvScene(model, maxgeom=400)
        self._options = mujoco.MjvOption()
        self._camera = mujoco.MjvCamera()
        for flag in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION):
            self._scene.flags[flag.value] = 0

    def draw(
        self, data: mujoco.MjData, camera_id: int, sees_room: bool = False
    ) -> tuple[ImageArray, NDArray[np.float32]]:
        """One picture.

        Args:
            data: state to draw.
            camera_id: camera of the model; -1 = free camera.
            sees_room: draws the floor and the table's edges instead of a table without end.

        Returns:
            rgb: (height, width, 3) uint8.
            depth_m: (height, width) float32, m along the optical axis; infinity where nothing is hit.
        """
        self._draw_scene(data, camera_id, sees_room)
        rgb = np.empty((self._viewport.height, self._viewport.width, 3), np.uint8)
        depth = np.empty((self._viewport.height, self._viewport.width), np.float32)
        mujoco.mjr_readPixels(rgb, depth, self._viewport, self._context)
        return np.ascontiguousarray(rgb[::-1]), self._metres(depth[::-1])

    def draw_geoms(self, data: mujoco.MjData, camera_id: int, sees_room: bool = False) -> NDArray[np.int32]:
        """(height, width) id of the geom that each pixel shows; -1 = none. Arguments as in `draw`."""
        flags = [f.value for f in (mujoco.mjtRndFlag.mjRND_SEGMENT, mujoco.mjtRndFlag.mjRND_IDCOLOR)]
        self._scene.flags[flags] = 1
        self._draw_scene(data, camera_id, sees_room)
        self._scene.flags[flags] = 0
        rgb = np.empty((self._viewport.height, self._viewport.width, 3), np.uint8)
        mujoco.mjr_readPixels(rgb, None, self._viewport, self._context)
        drawn = rgb[::-1].astype(np.int32) @ np.array([1, 1 << 8, 1 << 16], np.int32)
        geom_of = np.full(max(int(drawn.max()), self._scene.ngeom) + 1, -1, np.int32)  # 0 = background
        for geom in self._scene.geoms[: self._scene.ngeom]:
            if geom.segid >= 0 and geom.objtype == mujoco.mjtObj.mjOBJ_GEOM:
                geom_of[geom.segid + 1] = geom.objid
        return geom_of[drawn]

    def _draw_scene(self, data: mujoco.MjData, camera_id: int, sees_room: bool) -> None:
        self._gl.make_current()
        if camera_id >= 0:
            self._camera.type = mujoco.mjtCamera.mjCAMERA_FIXED.value
            self._camera.fixedcamid = camera_id
        self._options.geomgroup[:] = [1, 1, not sees_room, 0, sees_room, 0]
        mujoco.mjv_updateScene(
            self._model,
            data,
            self._options,
            None,
            self._camera,
            mujoco.mjtCatBit.mjCAT_ALL.value,
            self._scene,
        )
        mujoco.mjr_render(self._viewport, self._scene, self._context)

    def _metres(self, buffer: NDArray[np.float32]) -> NDArray[np.float32]:
        """Depth buffer, 0 to 1, to m along the optical axis."""
        extent = self._model.stat.extent
        near = self._model.vis.map.znear * extent
        far = self._model.vis.map.zfar * extent
        z = buffer.astype(np.float64)  # 1 at the near plane, 0 at the far one (mjDEPTH_ZEROFAR)
        metres = far * near / (z * (far - near) + near)
        metres[z <= 0.0] = np.inf
        return np.asarray(metres, dtype=np.float32)

    def close(self) -> None:
        """Gives the GL memory back."""
        self._gl.make_current()
        self._context.free()
        self._gl.free()
