"""The 3-D picture: robot, coming motion, obstacles, laser scan, distance to people; in the base frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.report.palette import AMBER, GREEN, PLANNED, RED, rgb
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.triangles import convex_triangles
from noetra_ros.view.coming_motion import base_path, joint_postures
from noetra_ros.view.heard import LATCHED, Heard, SeparationTold
from noetra_ros.view.obstacle_bodies import ObstacleBodies
from noetra_ros.view.robot_body import LinkPose, RobotBody, box_points
from noetra_ros.view.scan_points import ScanPoints

ROOT = "/robot"  # moves with the base; an arm's stays where it is
SEEN_THROUGH = 0.28
LINE_M = 0.004
LABEL_M = 0.05
NOWHERE = np.zeros((1, 2, 3))


class Scene:
    """Draws what was heard into viser's scene.

    Args:
        server: of viser.
        profile: the robot.
    """

    def __init__(self, server: Any, profile: RobotProfile) -> None:
        self._scene, self._profile = server.scene, profile
        self._body = RobotBody(profile) if profile.urdf_path is not None else None
        self.is_ghost_shown = True
        self._root = self._scene.add_frame(ROOT, show_axes=False)
        self._place_camera(server)
        self._links = self._add_body("body", None)
        self._ghost_root = self._scene.add_frame(f"{ROOT}/ghost", show_axes=False, visible=False)
        self._ghost = self._add_body("ghost", rgb(PLANNED))
        self._obstacles = ObstacleBodies(self._scene, f"{ROOT}/obstacles")
        scanner = profile.streams.get("scan")
        self._scan = ScanPoints(self._scene, f"{ROOT}/scan", scanner.position_m[2]) if scanner else None
        self._path = self._line("path", PLANNED, 1.5 * LINE_M)
        self._way = self._scene.add_line_segments("/way", NOWHERE, rgb(PLANNED), thickness=2.0 * LINE_M)
        self._distance = self._line("distance", GREEN, LINE_M)
        self._words = self._scene.add_label(f"{ROOT}/distance/words", "", visible=False)

    def _line(self, name: str, colour: str, thickness_m: float) -> Any:
        return self._scene.add_line_segments(
            f"{ROOT}/{name}", NOWHERE, rgb(colour), thickness=thickness_m, visible=False
        )

    def _place_camera(self, server: Any) -> None:
        """Look at the workspace of an arm from its front, at a base from above; and a floor to scale."""
        self._add_light()
        boxes = self._profile.tool_boxes
        if not boxes:
            centre, distance_m, cell_m = np.zeros(3), 4.0, 0.5
        else:
            lower = np.min([box.lower_m for box in boxes], axis=0)
            upper = np.max([box.upper_m for box in boxes], axis=0)
            centre, distance_m = 0.5 * (lower + upper), 0.78 * float(np.linalg.norm(upper - lower))
            centre += (upper - lower) * np.array([0.12, 0.0, -0.15])  # people come from the front
            cell_m = 0.1 if distance_m < 3.0 else 0.25
        server.initial_camera.look_at = centre
        server.initial_camera.position = centre + distance_m * np.array([0.30, -0.83, 0.55])
        self._scene.add_grid(
            "/floor", width=20 * cell_m, height=20 * cell_m, cell_size=cell_m, section_size=5 * cell_m,
            position=(0.0, 0.0, -0.002), cell_color=(226, 229, 233), section_color=(196, 201, 208),
        )  # fmt: skip

    def _add_light(self) -> None:
        """From above, without shadows: tablets draw twice as fast, and colours stay those of the legend."""
        self._scene.configure_environment_map(None)
        self._scene.configure_default_lights(enabled=False)
        self._scene.add_light_hemisphere("/light/sky", intensity=1.6)
        self._scene.add_light_directional("/light/sun", intensity=1.4, position=(1.0, 0.6, 2.0))

    def _add_body(self, name: str, ghost_colour: tuple[int, int, int] | None) -> dict[str, Any]:
        """A frame for each link, with its meshes in it; see-through where it has a ghost's colour."""
        is_ghost = ghost_colour is not None
        if self._body is None:
            return {} if is_ghost else self._add_footprint(name)
        frames: dict[str, Any] = {}
        for number, mesh in enumerate(self._body.meshes):
            link = f"{ROOT}/{name}/{mesh.link}"
            if mesh.link not in frames:
                frames[mesh.link] = self._scene.add_frame(link, show_axes=False)
            self._scene.add_mesh_simple(
                f"{link}/{number}", mesh.vertices_m, mesh.faces, color=ghost_colour or mesh.colour,
                opacity=SEEN_THROUGH if is_ghost else None, flat_shading=True, side="double",
                cast_shadow=not is_ghost, receive_shadow=not is_ghost,
            )  # fmt: skip
        return frames

    def _add_footprint(self, name: str) -> dict[str, Any]:
        """A low block on the ground that a base without a URDF covers."""
        base = self._profile.base
        footprint = base.footprint if base is not None else None
        if footprint is None:
            outline = box_points(np.array([0.3, 0.3, 0.1]))
        else:
            ring = np.array(footprint.corners_m)[:, None] + footprint.radius_m * _circle()[None]
            flat = ring.reshape(-1, 2)
            outline = np.vstack([np.column_stack([flat, np.full(len(flat), z)]) for z in (0.02, 0.12)])
        faces = convex_triangles(outline).astype(np.uint32)
        self._scene.add_mesh_simple(f"{ROOT}/{name}/footprint", outline, faces, color=(70, 80, 95))
        self._scene.add_arrows(
            f"{ROOT}/{name}/front", np.array([[[0.0, 0.0, 0.14], [0.3, 0.0, 0.14]]]), (240, 200, 60),
            shaft_radius=0.012, head_radius=0.03, head_length=0.06,
        )  # fmt: skip
        return {}

    def update(self, heard: Heard, now_ns: int) -> None:
        """Draw this instant (`now_ns` monotonic)."""
        poses = self._body.poses(heard.joints) if self._body is not None else {}
        _place(self._links, poses)
        if heard.base_pose is not None:
            x, y, yaw = heard.base_pose
            self._root.position, self._root.wxyz = (x, y, 0.0), (np.cos(yaw / 2), 0.0, 0.0, np.sin(yaw / 2))
        scene = heard.scene_now(now_ns)
        self._obstacles.update(scene.obstacles if scene is not None else ())
        if self._scan is not None:
            self._scan.update(heard.scan_now(now_ns))
        self._show_coming(heard, now_ns)
        self._show_distance(heard, poses, scene.obstacles if scene is not None else ())

    def _show_coming(self, heard: Heard, now_ns: int) -> None:
        is_shown = self.is_ghost_shown and heard.safety.mode not in LATCHED  # nothing comes then
        chunk = heard.coming_chunk(now_ns) if is_shown else None
        postures = joint_postures(chunk, heard.joints) if chunk is not None and self._body is not None else []
        self._ghost_root.visible = bool(postures)
        self._path.visible = self._way.visible = False
        if postures and self._body is not None:
            rows = [self._body.poses(posture) for posture in postures]
            _place(self._ghost, rows[-1])
            tools = self._body.tool_links
            if tools and len(rows) > 1:
                ways = [_segments(np.array([row[tool].position_m for row in rows])) for tool in tools]
                self._path.points = np.concatenate(ways)
                self._path.visible = True
        elif chunk is not None and not postures:
            way = base_path(chunk, heard.base_pose or (0.0, 0.0, 0.0))
            if len(way) > 1:
                self._way.points = _segments(np.column_stack([way, np.full(len(way), 0.15)]))
                self._way.visible = True

    def _show_distance(self, heard: Heard, poses: Mapping[str, LinkPose], obstacles: Sequence[Any]) -> None:
        told = heard.separation
        person = next((o for o in obstacles if told is not None and o.track_id == told.track_id), None)
        is_shown = told is not None and told.has_person and person is not None and told.link in poses
        self._distance.visible = self._words.visible = is_shown
        if not is_shown or told is None or person is None:
            return
        from_m = poses[told.link].position_m
        self._distance.points = np.array([[from_m, person.position_m]])
        self._distance.colors = np.array(rgb(separation_colour(told)))
        self._words.position = 0.5 * (from_m + person.position_m) + np.array([0.0, 0.0, LABEL_M])
        self._words.text = f"{told.distance_m:.2f} m / {told.required_m:.2f} m"


def separation_colour(told: SeparationTold) -> str:
    """Red where the robot stands for a person, amber where it is slowed, green where it is free."""
    return RED if told.scale <= 0.0 else GREEN if told.scale >= 1.0 else AMBER


def _place(frames: Mapping[str, Any], poses: Mapping[str, LinkPose]) -> None:
    for link, frame in frames.items():
        if link in poses:
            frame.position, frame.wxyz = poses[link].position_m, poses[link].quat_wxyz


def _segments(points_m: FloatArray) -> FloatArray:
    """(k - 1, 2, 3) pieces of a way of (k, 3) points."""
    return np.stack([points_m[:-1], points_m[1:]], axis=1)


def _circle() -> FloatArray:
    turn = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)
