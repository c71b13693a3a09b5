"""The simulated people and lying cameras over the graph: who comes, which cameras are drawn."""

import numpy as np
import pytest
from graph_bench import LOCK_STEP, GraphBench
from noetra_ros.srv import CameraFault, ResetWorld

from noetra_ros.evaluation.trace import read_trace
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.pictures import depth_from_image, rgb_from_image

pytestmark = pytest.mark.ros
CLOSED = ("lock_step:=true", "use_sim_time:=true", "start_on:=reset")


@pytest.fixture
def graph():
    """Makes a bench; at the end of the test every node that it still has must end with code 0."""
    benches = []

    def make(nodes):
        benches.append(GraphBench("so101", nodes))
        return benches[-1]

    yield make
    codes = [bench.close() for bench in benches]
    assert [set(c.values()) - {0} for c in codes] == [set()] * len(codes), codes


def lock_step_bench(graph, cameras):
    bench = graph(
        {"sim": (*CLOSED, f"cameras:={cameras}"), "streamer": LOCK_STEP, "supervisor": LOCK_STEP},
    )
    bench.listen(interfaces.PHYSICS_STATE)
    return bench


def episode(bench, seed, trace, seconds):
    """One episode with somebody who reaches in while the robot stands still: its trace."""
    answer = bench.reset(seed, trace, person="reach")
    begun_ns = stamp_to_ns(answer.stamp)
    bench.spin_until(
        lambda: stamp_to_ns(bench.last("sim/physics_state").header.stamp) - begun_ns > seconds * 1e9,
        "the episode",
    )
    told = bench.last("sim/physics_state")
    bench.reset(0)
    return read_trace(trace).person, told


def test_lock_step_repeats_a_person_exactly(graph, tmp_path):
    bench = lock_step_bench(graph, "[front]")
    bench.spin_until(lambda: bench.heard["sim/physics_state"], "the simulation")
    first, told = episode(bench, 8, tmp_path / "a.npz", 4.0)
    again, _ = episode(bench, 8, tmp_path / "b.npz", 4.0)
    steps = min(len(first.distance_m), len(again.distance_m))
    assert steps > 1900 and np.array_equal(first.distance_m[:steps], again.distance_m[:steps])
    bodies = min(len(first.time_s), len(again.time_s))
    assert np.array_equal(first.segments_m[:bodies], again.segments_m[:bodies])
    kept = [[(t.link, t.part, t.closing_mps) for t in person.touches] for person in (first, again)]
    assert kept[0] and kept[0] == kept[1]
    assert (told.person, told.is_person_present, told.person_contacts) == ("reach", True, len(kept[0]))
    assert len(told.person_parts) == len(told.person_radii) == len(told.person_ends) / 2 == 15
    assert told.person_distance >= 0.0 and told.episode_s == pytest.approx(4.0, abs=0.2)


@pytest.mark.gl
def test_only_the_cameras_asked_for_are_drawn_and_lie_when_told(graph):
    bench = lock_step_bench(graph, "[overhead]")
    bench.listen(interfaces.IMAGE, "overhead/image_raw")
    bench.listen(interfaces.DEPTH, "overhead/depth")
    bench.listen(interfaces.IMAGE, "front/image_raw")
    bench.spin_until(lambda: len(bench.heard["overhead/depth"]) > 3, "depth")
    before = depth_from_image(bench.last("overhead/depth"))
    assert np.isfinite(before).all()

    def lie(kind, amount=0.0, camera="overhead"):
        request = CameraFault.Request(camera=camera, kind=kind, amount=amount)
        return bench.call(interfaces.CAMERA_FAULT, request)

    def seen(count=3):
        known = len(bench.heard["overhead/depth"])
        bench.spin_until(lambda: len(bench.heard["overhead/depth"]) >= known + count, "more pictures")
        return depth_from_image(bench.last("overhead/depth")), rgb_from_image(
            bench.last("overhead/image_raw")
        )

    assert lie("black").success
    depth_m, rgb = seen()
    assert np.isnan(depth_m).all() and not rgb.any()
    assert lie("depth_holes", 0.5).success
    assert np.isnan(seen()[0]).mean() == pytest.approx(0.5, abs=0.02)
    assert lie("moved", 0.2).success
    assert np.abs(seen()[0] - before).mean() > 0.02
    assert lie("none").success
    assert np.abs(seen()[0] - before).mean() < 0.005
    assert lie("late", 0.5).success
    seen()
    late_s = stamp_to_ns(bench.last("sim/physics_state").header.stamp) - stamp_to_ns(
        bench.last("overhead/depth").header.stamp
    )
    assert late_s * 1e-9 == pytest.approx(0.5, abs=0.15)
    assert not lie("dirty").success and "camera: got 'front'" in lie("black", camera="front").message
    assert not bench.heard["front/image_raw"]


def test_an_unknown_person_or_camera_is_refused(graph):
    bench = graph({"sim": ("render:=false",)})
    response = bench.call(interfaces.RESET_WORLD, ResetWorld.Request(person="dance"))
    assert "person: got 'dance', expected one of walk, reach, random" in response.message
    response = bench.call(interfaces.CAMERA_FAULT, CameraFault.Request(kind="black"))
    assert not response.success and "no camera is drawn" in response.message
