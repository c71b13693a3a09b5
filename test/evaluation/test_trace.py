"""Traces are read as the simulation writes them; a file that is none is a clear error."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.trace import read_trace
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.trace import TraceRecorder
from noetra_ros.sim.world import make_world


@pytest.mark.parametrize("robot", ["so101", "diffbot"])
def test_reads_what_the_simulation_writes(tmp_path, robot):
    world = make_world(load_robot(robot))
    recorder = TraceRecorder(world)
    world.reset(3, "none")
    recorder.start()
    world.step(250)
    recorder.save(tmp_path / "trace.npz")
    trace = read_trace(tmp_path / "trace.npz")
    assert trace.names == tuple(world.state_names)
    assert len(trace.time_s) == 250
    assert trace.step_s == pytest.approx(world.step_s)
    assert np.isnan(trace.targets).all()
    assert trace.object_poses.shape[1:] == (len(world.object_names), 7)


def test_no_file(tmp_path):
    with pytest.raises(ConfigError, match="nothing there"):
        read_trace(tmp_path / "none.npz")


@pytest.mark.parametrize("content", [b"", b"not a trace"])
def test_no_trace(tmp_path, content):
    (tmp_path / "bad.npz").write_bytes(content)
    with pytest.raises(ConfigError, match="a physics trace"):
        read_trace(tmp_path / "bad.npz")


def test_missing_arrays(tmp_path):
    np.savez(tmp_path / "part.npz", time_s=np.arange(3.0))
    with pytest.raises(ConfigError, match="names"):
        read_trace(tmp_path / "part.npz")
