import numpy as np
import pytest

from noetra_ros.core.types import CommandKind, JointState, Observation
from noetra_ros.policy.chunk_writer import ChunkWriter
from noetra_ros.policy.spec import PolicySpec

SPEC = PolicySpec("model 1", CommandKind.BASE_TWIST, (), ("vx", "vy", "wz"), "m/s", 2, 0.1, 0.05, 0.2)
NOBODY = JointState(5, (), np.empty(0), np.empty(0), np.empty(0))


def test_chunks_answer_their_observation_and_are_counted():
    writer = ChunkWriter(SPEC, "base")
    first, second = (writer.write(Observation(5, "go", NOBODY), np.zeros((2, 3)), 0.01) for _ in range(2))
    assert (first.sequence, second.sequence) == (1, 2)
    assert (first.stamp_ns, first.instruction, first.channel, first.model) == (5, "go", "base", "model 1")
    assert (first.names, first.start_offset_s, first.step_s) == (("vx", "vy", "wz"), 0.05, 0.1)


@pytest.mark.parametrize("values", [np.zeros((2, 2)), np.full((2, 3), np.nan)])
def test_values_that_are_no_chunk_are_refused(values):
    with pytest.raises(ValueError, match="chunk values"):
        ChunkWriter(SPEC, "base").write(Observation(5, "go", NOBODY), values)
