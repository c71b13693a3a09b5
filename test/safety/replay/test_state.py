"""What a supervisor remembers: of one instant, whole, free of settings; put back, it goes on alike."""

import dataclasses

import numpy as np
import pytest
from obstacles_around import obstacle, scene
from taped import FileTape, settings_of

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.core.types import Command
from noetra_ros.evaluation.fuzz.setup import Setup
from noetra_ros.safety.assembly import assemble
from noetra_ros.safety.replay.header import set_up
from noetra_ros.safety.replay.packing import packer
from noetra_ros.safety.replay.reading import Recording
from noetra_ros.safety.replay.recorded import RecordedSupervisor
from noetra_ros.safety.replay.replaying import rebuild, replay
from noetra_ros.safety.replay.state import capture, plain_state, restore, state_of

ARM = Setup("so101", "", "people")
SETTINGS = dataclasses.replace(
    settings_of(ARM),
    checks=tuple(name for name in settings_of(ARM).checks if name != "policy_trust"),
    barriers=("workspace", "keep_out", "self_collision", "obstacles"),
    heartbeat_sources=(),
    estop_sources=(),
)
POST = {"kind": ObstacleKind.FIXTURE, "shape": Shape.BOX, "size_m": (0.06, 0.06, 0.3), "labels": ("post",)}
PERIOD_NS = 10_000_000


def stretched(pan):
    return np.array([pan, 0.2, 0.2, 0.6, 0.0, 0.3])


def sweep(supervisor, periods):
    """An arm that is driven towards a post which perception sees, and leans on the barrier before it."""
    now_ns, place = 10**12, stretched(1.2)
    held = 0
    for period in range(periods):
        now_ns += PERIOD_NS
        supervisor.on_joint_state(place, now_ns)
        if period % 10 == 0:
            supervisor.on_scene(scene(obstacle(np.array([0.21, 0.0, 0.15]), **POST)), now_ns, 0.0)
        supervisor.tick(now_ns)
        if period == 3:
            assert supervisor.arm(now_ns).refusal == ""
        decision = supervisor.on_command(Command(supervisor.limits.kind, stretched(-1.2), now_ns))
        place = place if decision.values is None else decision.values
        held += any("post" in event.verdict.reason for event in decision.events)
    return held


def test_a_file_that_begins_before_a_barrier_that_is_leant_on_goes_on_alike(tmp_path):
    supervisor = assemble(ARM.profile, ARM.profile.channel(), SETTINGS).supervisor
    tape = FileTape(tmp_path, set_up("so101", ARM.profile, "", SETTINGS), every=67)
    assert sweep(RecordedSupervisor(supervisor, tape), 250) > 0
    tape.close()
    results = [replay(recording, rebuild(recording)) for recording in map(Recording, tape.paths)]
    assert len(results) > 10 and [result.difference for result in results] == [None] * len(results)


def supervisor_with(**changes):
    settings = dataclasses.replace(SETTINGS, **changes)
    return assemble(ARM.profile, ARM.profile.channel(), settings).supervisor


def test_no_setting_is_part_of_the_state():
    other = {
        field.name: 0.9 * getattr(SETTINGS, field.name)
        for field in dataclasses.fields(SETTINGS)
        if isinstance(getattr(SETTINGS, field.name), float)
    }
    first, second = supervisor_with(), supervisor_with(**other, resumes_by_itself=False)
    first, second = (packer()(plain_state(capture(one))) for one in (first, second))
    assert first == second


def test_the_state_is_of_one_instant():
    supervisor = supervisor_with()
    sweep(supervisor, 60)
    state = capture(supervisor)
    before = packer()(plain_state(state))
    for period in range(60, 90):
        now_ns = 10**12 + period * PERIOD_NS
        supervisor.on_joint_state(stretched(0.8), now_ns)
        supervisor.tick(now_ns)
        supervisor.on_command(Command(supervisor.limits.kind, stretched(-1.2), now_ns))
    assert packer()(plain_state(state)) == before != packer()(plain_state(capture(supervisor)))


def test_what_is_put_back_is_what_was_taken_out():
    first, second = supervisor_with(), supervisor_with()
    sweep(first, 120)
    plain = plain_state(capture(first))
    restore(second, state_of(plain))
    assert packer()(plain_state(capture(second))) == packer()(plain)
    rooms = second._projection._rooms  # barriers know a scene by itself, not by its content
    assert rooms._scene is second._round.surroundings.scene


def test_what_has_no_form_is_told():
    supervisor = supervisor_with()
    supervisor.inputs.target = (object(),)
    with pytest.raises(TypeError, match="a object in the state"):
        plain_state(capture(supervisor))


@pytest.mark.parametrize(
    "plain", [7, {}, {"state": {}, "tuple": []}, {"tuple": [1]}, {"nonsense": []}, {"again": 0}]
)
def test_what_is_no_state_is_refused(plain):
    with pytest.raises(ValueError):
        state_of(plain)


def test_a_state_of_something_else_is_refused():
    supervisor = supervisor_with()
    state = capture(supervisor)
    del state["counters"]
    with pytest.raises(ValueError, match=r"state of Supervisor and its record differ in: counters"):
        restore(supervisor, state)
