"""A person's trace is read as the simulation writes it; an episode without anyone has none."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.trace import read_trace
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.trace import TraceRecorder
from noetra_ros.sim.world import make_world

STEPS = 1800


@pytest.fixture(scope="module")
def touched(tmp_path_factory):
    """Seed 8: a hand passes through the arm that waits at home; the episode before has nobody."""
    folder, world = tmp_path_factory.mktemp("traces"), make_world(load_robot("so101"))
    recorder = TraceRecorder(world)
    world.reset(8)
    recorder.start()
    world.step(20)
    recorder.save(folder / "alone.npz")
    world.reset(8, "none", "reach")
    recorder.start()
    world.step(STEPS)
    recorder.save(folder / "reach.npz")
    return folder, world.person()


def test_an_episode_without_anyone_has_no_person(touched):
    assert read_trace(touched[0] / "alone.npz").person is None


def test_distance_body_and_touches_come_back(touched):
    folder, watch = touched
    trace = read_trace(folder / "reach.npz")
    person = trace.person
    assert person.kind == "reach" and person.distance_m.shape == trace.time_s.shape == (STEPS,)
    assert person.distance_m[0] > 1.0 and person.distance_m.min() == 0.0
    assert np.diff(person.time_s) == pytest.approx(0.05)
    assert person.segments_m.shape[1:] == (len(person.parts), 2, 3) == (len(person.radii_m), 2, 3)
    assert [(t.link, t.part, t.speed_mps) for t in person.touches] == [
        (t.link, t.part, t.speed_mps) for t in watch.touches
    ]
    first = person.touches[0]
    assert first.region in ("hand", "forearm")
    assert person.distance_m[np.searchsorted(trace.time_s, first.time_s)] == pytest.approx(0.0, abs=1e-3)
    assert person.distance_m[np.searchsorted(trace.time_s, first.time_s - 0.004)] > 0.0


def test_arrays_that_do_not_fit_are_an_error(touched, tmp_path):
    with np.load(touched[0] / "reach.npz") as file:
        arrays = {name: file[name] for name in file.files}
    arrays["person_distance_m"] = arrays["person_distance_m"][:-1]
    np.savez(tmp_path / "short.npz", **arrays)
    with pytest.raises(ConfigError, match="person_distance_m"):
        read_trace(tmp_path / "short.npz")
