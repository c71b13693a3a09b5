"""An arm on a base under the supervisor of both, with the shipped settings; it follows at once."""

import numpy as np

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.assembly import assemble_together
from noetra_ros.safety.settings import shipped_settings

PERIOD_NS = 10_000_000
ROBOT = "mobile_ur5e"
FAR = np.full(360, 5.0)


class GatedRobot:
    """Both channels at 100 Hz; armed, in the posture that it drives in."""

    def __init__(self, start=None, **changes):
        self.profile = load_robot(ROBOT)
        stowed = self.profile.together.stowed
        self.stowed = np.array([stowed[name] for name in self.profile.joint_names])
        self.joints = self.stowed.copy() if start is None else np.array(start)
        self.twist = np.zeros(3)
        names = self.profile.gated_with("")
        self.gate, self.parts = assemble_together(self.profile, names, shipped_settings(**changes))
        self.now_ns, self.scene = 10**10, None
        self.sent, self.events = {name: [] for name in names}, []
        self.step()
        self.refusal = self.gate.arm(self.now_ns).refusal

    @property
    def mode(self):
        return self.gate.mode

    def step(self, arm=None, base=None):
        """One period; `arm` (6,) rad and `base` (vx, wz) are commanded where given."""
        self.now_ns += PERIOD_NS
        gate, now_ns = self.gate, self.now_ns
        gate.on_joint_state(self.joints.copy(), now_ns)
        gate.on_stream("odom", now_ns)
        gate.on_stream("scan", now_ns)
        drawn = FAR + 1e-6 * (now_ns // PERIOD_NS % 1000)  # a scanner never says the very same again
        gate.on_scan("scan", PlanarScan((0.0, 0.0), -np.pi, 2 * np.pi / 360, drawn), now_ns)
        if self.scene is not None:
            gate.on_scene(self.scene(now_ns), now_ns, 0.0)
        self.take(gate.tick(now_ns))
        if base is not None:
            self.take(gate.on_command(self.command("base", (base[0], 0.0, base[1])), 0.0, "base"))
        if arm is not None:
            self.take(gate.on_command(self.command("arm", arm), 0.0, "arm"))

    def command(self, channel, values):
        kind = CommandKind.BASE_TWIST if channel == "base" else CommandKind.JOINT_POSITION
        return Command(kind, np.asarray(values, dtype=float), self.now_ns)

    def go(self, duration_s, arm=None, base=None):
        for _ in range(round(duration_s * 100)):
            self.step(arm, base)

    def take(self, decision):
        self.events += decision.events
        for part in decision.parts:
            self.sent[part.channel].append((self.now_ns, part.values))
            if part.channel == "base":
                self.twist = part.values
            else:
                self.joints = part.values.copy()

    def reasons(self, check):
        return [event.verdict.reason for event in self.events if event.verdict.check == check]
