"""Emergency-stop sources of a real supervisor: pressed, cut, never there, and wrong entries."""

import subprocess

import pytest
from noetra_ros.msg import SafetyState
from sensor_msgs.msg import Joy
from std_msgs.msg import Bool, Float64MultiArray
from supervisor_bench import HOME, SupervisorBench, start_supervisor

pytestmark = pytest.mark.ros

TOPIC = "forward_position_controller/commands"
LINE, JOY = "topic:/line/estop", "joy:/pad/joy,button=2"


class Chain(SupervisorBench):
    """A supervisor with a button on a topic, a dead man's switch and a GPIO line; all are well at first."""

    def __init__(self, gpio):
        self.gpio, self.is_pressed, self.is_held, self.plays = gpio, False, True, {LINE, JOY}
        gpio.write_text("1\n")
        sources = f"estop_sources:=['{LINE}', '{JOY}', 'file:{gpio}']"
        super().__init__("so101", Float64MultiArray, TOPIC, sources)
        self.line = self.node.create_publisher(Bool, "/line/estop", 10)
        self.pad = self.node.create_publisher(Joy, "/pad/joy", 10)
        self.node.create_timer(0.05, self.beat)

    def beat(self):
        if LINE in self.plays:
            self.line.publish(Bool(data=self.is_pressed))
        if JOY in self.plays:
            self.pad.publish(Joy(buttons=[0, 0, int(self.is_held)]))

    def run(self):
        self.start_commands(lambda: Float64MultiArray(data=list(HOME)))

    def wait_estop(self, words):
        self.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
        assert words in self.states[-1].reason


@pytest.fixture
def chain(tmp_path):
    bench = Chain(tmp_path / "value")
    yield bench
    assert bench.close() == 0


def press_line(chain):
    chain.is_pressed = True


def let_go(chain):
    chain.is_held = False


def open_circuit(chain):
    chain.gpio.write_text("0\n")


PRESSED = {LINE: press_line, JOY: let_go, "file:": open_circuit}
CUT = {
    LINE: lambda chain: chain.plays.remove(LINE),
    JOY: lambda chain: chain.plays.remove(JOY),
    "file:": lambda chain: chain.gpio.unlink(),
}


@pytest.mark.parametrize("source", PRESSED)
def test_each_source_stops_the_robot_and_holds_it(chain, source):
    chain.run()
    PRESSED[source](chain)
    chain.wait_estop(f"emergency stop {source}")
    chain.spin_until(lambda: "still pressed" in chain.call("reset").message, "the refusal")  # at rest first
    chain.is_pressed, chain.is_held = False, True
    chain.gpio.write_text("1")
    chain.spin_until(lambda: chain.call("reset").success, "the reset")
    chain.wait_mode(SafetyState.MODE_STANDBY)  # the answer of a service may overtake the state on its topic


@pytest.mark.parametrize("source", CUT)
def test_a_cut_wire_is_a_pressed_button(chain, source):
    chain.run()
    CUT[source](chain)
    chain.wait_estop("was not heard for")
    assert source in chain.states[-1].reason
    chain.spin_until(lambda: "was not heard for" in chain.call("reset").message, "the refusal")


def test_no_arming_before_every_source_was_heard(chain):
    chain.plays.clear()
    chain.spin_until(lambda: f"emergency stop {LINE} is silent" in chain.call("arm").message, "the refusal")
    chain.plays.update((LINE, JOY))
    chain.spin_until(lambda: chain.mode == SafetyState.MODE_STANDBY, "STANDBY")
    chain.spin_until(lambda: chain.call("arm").success, "arming")


def test_wrong_entries_are_told_together():
    sources = "estop_sources:=['topic', 'wire:/x', 'joy:/joy', 'file:/a,closed']"
    process = start_supervisor("robot:=so101", sources)
    try:
        _, error = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    words = error if isinstance(error, str) else error.decode()
    assert process.returncode == 2 and "Traceback" not in words
    for part in ("'topic'", "'wire'", "button=NUMBER", "'file:/a,closed'"):
        assert part in words, words
