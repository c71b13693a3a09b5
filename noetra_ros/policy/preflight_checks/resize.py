"""How pictures came to their size: a squeeze, bars or a cut that training did not have.

Measured elsewhere: frames squeezed from 1280x720 to 256x256 on their way to a model that letterboxes them by
itself took success from 80-90 % to about 0 (huggingface/lerobot#4345). Sizes agree there, their way does not.
"""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.core.picture_path import Placement, Size, placement, placement_after
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving, joined
from noetra_ros.policy.spec import CameraNeed, PolicySpec
from noetra_ros.robots.profile import Camera

# Sizes are whole pixels, so an aspect ratio is never kept exactly; a pixel of 96 is about this share.
TOLERANCE = 0.012


@PREFLIGHT_CHECKS.register("resize")
def resize(spec: PolicySpec, serving: Serving) -> Comparison:
    """Every colour picture whose camera the robot has."""
    cameras = serving.robot.cameras
    return joined(*(_compared(need, cameras[need.name]) for need in spec.cameras if need.name in cameras))


def _compared(need: CameraNeed, camera: Camera) -> Comparison:
    key, published = f"cameras.{need.name}", camera.published_px
    taken = (camera.source_width_px or published[0], camera.source_height_px or published[1])
    own = (need.width_px, need.height_px)
    trained = need.source_px or (own if need.resize == "none" and not need.resizes_itself else None)
    if not need.resize or (trained is None and not need.resizes_itself):
        return _unstated(need, camera)
    if trained is not None and _differ(taken[0] * trained[1], taken[1] * trained[0]):
        return Comparison(faults=(_aspect_fault(key, taken, trained),))
    wanted = placement(taken, need.resize, own)
    got = placement(taken, camera.resize, published)
    if camera.for_policy is not None:
        got = placement_after(got, published, camera.for_policy.resize, camera.given_px)
    if need.resizes_itself:
        got = placement_after(got, camera.given_px, need.resize, own)
    elif camera.given_px != own:
        return Comparison()  # named by the check `cameras`
    faults = _placement_faults(key, got, wanted, need, camera)
    if faults:
        return Comparison(faults=faults)
    return Comparison(same=(f"{need.name} {need.resize} from {taken[0]}x{taken[1]} px",))


def _unstated(need: CameraNeed, camera: Camera) -> Comparison:
    """The model does not say how it was trained: pictures as taken may be right, others are a guess."""
    if camera.resize == "none" and camera.for_policy is None:
        words = (
            f"{need.name}: the model does not say how training's pictures were resized (source_px, resize)"
        )
        return Comparison(unknown=(words,))
    remedy = "say in the model's sheet what training did (source_px, resize), or publish pictures as taken"
    fault = Fault(f"cameras.{need.name}.resize", _way(camera), "what training did, which nobody says", remedy)
    return Comparison(faults=(fault,))


def _aspect_fault(key: str, taken: Size, trained: Size) -> Fault:
    words = [f"{w / h:.2f} ({w}x{h} px)" for w, h in (taken, trained)]
    return Fault(
        f"{key}.aspect", *words, "set the camera to a mode of that aspect ratio: it sees another field"
    )


def _placement_faults(
    key: str, got: Placement, wanted: Placement, need: CameraNeed, camera: Camera
) -> tuple[Fault, ...]:
    if _differ(got.skew, wanted.skew):
        own = ", and the model then does its own" if need.resizes_itself else ""
        words = f"{_way(camera)}{own}: shapes {got.skew:.2f} times as wide"
        expected = f"{need.resize}: shapes {wanted.skew:.2f} times as wide"
        remedy = (
            "publish the pictures as the camera takes them"
            if need.resizes_itself
            else f"resize by {need.resize}: cameras.{need.name}.for_policy in the profile"
        )
        return (Fault(f"{key}.resize", words, expected, remedy),)
    size = (need.width_px, need.height_px)
    edges = [
        (p.left_px / size[0], p.top_px / size[1], p.width_px / size[0], p.height_px / size[1])
        for p in (got, wanted)
    ]
    if all(abs(a - b) <= TOLERANCE for a, b in zip(*edges, strict=True)):
        return ()
    words, expected = (_where(place) for place in (got, wanted))
    remedy = f"bars or cut are elsewhere: resize by {need.resize}, or publish the pictures as taken"
    return (Fault(f"{key}.resize", words, expected, remedy),)


def _way(camera: Camera) -> str:
    """What is done to its pictures before a model gets them."""
    ways = [camera.resize, camera.for_policy.resize if camera.for_policy is not None else "none"]
    return ", then ".join(way for way in ways if way != "none") or "none"


def _where(place: Placement) -> str:
    size, left, top = f"{place.width_px:.0f}x{place.height_px:.0f} px", place.left_px, place.top_px
    return f"picture {size} at left {left:.0f}, top {top:.0f}"


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > TOLERANCE * max(abs(one), abs(other))
