"""Each camera fault does to pictures, depth and stamps what its name says, and nothing else."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.sim.camera_faults import KINDS, CameraFault, FaultyCamera
from noetra_ros.sim.cameras import CameraImage

MS = 1_000_000
PERIOD_NS = 100 * MS
START_NS = 5_000 * MS


def shot(number):
    """A picture that tells its number; a tenth of its depth is infinite."""
    rng = np.random.default_rng(number)
    depth_m = rng.uniform(1.0, 2.0, (48, 64)).astype(np.float32)
    depth_m[:, :6] = np.inf
    return CameraImage(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8), depth_m)


def played(kind, amount=0.0, count=12):
    camera, shots = FaultyCamera(CameraFault(kind, amount, seed=3)), [shot(k) for k in range(count)]
    return shots, [camera.pass_on(s, START_NS + k * PERIOD_NS) for k, s in enumerate(shots)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("late", "stamp_jump")])
def test_stamps_go_on_where_only_the_picture_lies(kind):
    _, out = played(kind)
    assert [stamp for ((_, stamp),) in out] == [START_NS + k * PERIOD_NS for k in range(12)]


@pytest.mark.parametrize("kind", ["none", "moved"])
def test_these_leave_the_picture_alone(kind):
    shots, out = played(kind)
    assert all(one[0][0] is true for one, true in zip(out, shots, strict=True))


def test_frozen_is_the_same_pixels_and_depth_for_ever():
    shots, out = played("frozen")
    assert all(one[0][0] is shots[0] for one in out)


def test_black_is_black_and_without_depth():
    _, out = played("black")
    assert all((one[0][0].rgb == 0).all() and np.isnan(one[0][0].depth_m).all() for one in out)


def test_blurred_loses_its_edges_and_keeps_what_has_no_depth():
    shots, out = played("blurred")
    blurred = out[0][0][0]
    assert np.abs(np.diff(blurred.rgb.astype(int), axis=1)).mean() < 10
    assert np.abs(np.diff(shots[0].rgb.astype(int), axis=1)).mean() > 70
    assert np.isinf(blurred.depth_m[:, :6]).all() and np.isfinite(blurred.depth_m[:, 6:]).all()
    assert np.ptp(blurred.depth_m[:, 6:]) < 0.3


@pytest.mark.parametrize("share", [0.1, 0.6, 1.0])
def test_depth_holes_take_their_share_and_spare_the_colours(share):
    shots, out = played("depth_holes", share)
    holed = out[5][0][0]
    assert np.isnan(holed.depth_m).mean() == pytest.approx(share, abs=0.01)
    kept = ~np.isnan(holed.depth_m)
    assert np.array_equal(holed.depth_m[kept], shots[5].depth_m[kept])
    assert holed.rgb is shots[5].rgb


def test_late_pictures_keep_their_own_stamps():
    shots, out = played("late", 0.3)
    assert [len(one) for one in out] == [0, 0, 0] + [1] * 9
    assert out[5][0][0] is shots[2] and out[5][0][1] == START_NS + 2 * PERIOD_NS


@pytest.mark.parametrize(("amount", "moved_ms"), [(0.0, -1000), (2.0, 2000), (-0.25, -250)])
def test_stamps_jump_by_the_amount(amount, moved_ms):
    _, out = played("stamp_jump", amount)
    assert out[0][0][1] == START_NS + moved_ms * MS


def test_another_fault_forgets_the_one_before():
    camera = FaultyCamera(CameraFault("late", 0.3))
    camera.pass_on(shot(0), 0)
    camera.set(CameraFault())
    assert camera.pass_on(shot(1), PERIOD_NS)[0][1] == PERIOD_NS and len(camera.pass_on(shot(2), 0)) == 1


def test_a_move_has_its_size_and_a_direction_of_its_own():
    shift_m, turn_rad = CameraFault("moved", 0.2, seed=1).displacement()
    assert np.linalg.norm(turn_rad) == pytest.approx(0.2) and np.linalg.norm(shift_m) == pytest.approx(0.1)
    assert not np.allclose(turn_rad, CameraFault("moved", 0.2, seed=2).displacement()[1])
    assert not np.any(CameraFault("frozen").displacement())


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        ("dirty", 0.0, "'dirty', expected one of none, frozen, black, blurred"),
        ("late", -1.0, "a possible amount for late"),
        ("depth_holes", 1.5, "a possible amount for depth_holes"),
        ("moved", float("nan"), "a possible amount for moved"),
    ],
)
def test_faults_that_make_no_sense_are_refused(kind, amount, words):
    with pytest.raises(ConfigError, match=words):
        CameraFault(kind, amount)
