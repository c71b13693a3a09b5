"""Cameras: there, of the size that the model takes, with depth where it is wanted."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving, joined
from noetra_ros.policy.spec import CameraNeed, DepthNeed, PolicySpec
from noetra_ros.robots.profile import Camera


@PREFLIGHT_CHECKS.register("cameras")
def cameras(spec: PolicySpec, serving: Serving) -> Comparison:
    """Every picture that the model needs."""
    needs: tuple[CameraNeed | DepthNeed, ...] = (*spec.cameras, *spec.depths)
    return joined(*(_compared(need, serving) for need in needs))


def _compared(need: CameraNeed | DepthNeed, serving: Serving) -> Comparison:
    is_depth = isinstance(need, DepthNeed)
    key = f"{'depths' if is_depth else 'cameras'}.{need.name}"
    wanted = f"{need.width_px}x{need.height_px} px"
    camera = serving.robot.cameras.get(need.name)
    if camera is None:
        known = ", ".join(serving.robot.cameras) or "no camera"
        remedy = f"the robot has {known}; name one of them so in the profile"
        return Comparison(faults=(Fault(key, "a missing camera", wanted, remedy),))
    if is_depth and not camera.has_depth:
        remedy = "has_depth: true in the profile where the camera gives it; else another model"
        return Comparison(faults=(Fault(f"{key}.has_depth", "no depth", "depth in m", remedy),))
    width_px, height_px = camera.published_px if is_depth else camera.given_px
    got = f"{width_px}x{height_px} px"
    if isinstance(need, CameraNeed) and need.resizes_itself:
        return Comparison(same=(f"{need.name} {got}, resized by the model",))
    if got != wanted:
        return Comparison(faults=(Fault(key, got, wanted, _remedy(need, camera)),))
    return Comparison(same=(f"{need.name}{' depth' if is_depth else ''} {got}",))


def _remedy(need: CameraNeed | DepthNeed, camera: Camera) -> str:
    if isinstance(need, DepthNeed):
        return "set the camera to that size, and the profile"
    way = f"let the policy node resize as training did: cameras.{need.name}.for_policy in the profile"
    if camera.width_px * need.height_px == camera.height_px * need.width_px:
        return f"set the camera to that size, or {way}"
    return f"the aspect ratio differs too, and a squeezed picture is another picture: {way}"
