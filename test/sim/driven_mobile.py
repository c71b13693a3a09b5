"""An arm on a base under the supervisor of both, with the shipped settings, in physics."""

import numpy as np

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.assembly import assemble_together
from noetra_ros.safety.settings import shipped_settings
from noetra_ros.sim.world import make_world

PERIOD_S, SCAN_PERIODS = 0.01, 10


class DrivenMobile:
    """Both channels at 100 Hz.

    Args:
        robot: profile.
        seed: of the room.
        settings: of the supervisor.
    """

    def __init__(self, robot, seed=0, settings=None):
        self.profile = load_robot(robot)
        names = self.profile.gated_with("")
        self.gate, self.assemblies = assemble_together(self.profile, names, settings or shipped_settings())
        self.world = make_world(self.profile)
        self.world.reset(seed)
        self.home = self.world.joint_state().positions.copy()
        self.events, self.sent, self.modes = [], {name: [] for name in names}, []
        self.has_odom = True
        self.scene = None
        self._tick = 0
        self.step()
        assert self.gate.arm(self.now_ns).refusal == ""

    @property
    def now_ns(self):
        return 10**10 + self.world.time_ns

    @property
    def mode(self):
        return self.gate.mode

    @property
    def speeds(self):
        """Fastest joint in rad/s, base ahead in m/s and turning in rad/s."""
        odometry = self.world.odometry()
        joints = float(np.abs(self.world.joint_state().velocities).max())
        return joints, abs(odometry.linear_mps), abs(odometry.angular_radps)

    def step(self, arm=None, base=None):
        """One period: sensors, watchdog, and a command of each channel where there is one."""
        now_ns, gate = self.now_ns, self.gate
        if self._tick % SCAN_PERIODS == 0:
            scan = self.world.scan()
            sweep = PlanarScan((0.0, 0.0), scan.angle_min_rad, scan.angle_step_rad, scan.ranges_m)
            gate.on_stream("scan", now_ns)
            gate.on_scan("scan", sweep, now_ns)
        gate.on_joint_state(self.world.joint_state().positions, now_ns)
        if self.has_odom:
            gate.on_stream("odom", now_ns)
        if self.scene is not None:
            gate.on_scene(self.scene(now_ns), now_ns, 0.0)
        self._take(gate.tick(now_ns))
        if base is not None:
            twist = np.array([base[0], 0.0, base[1]])
            self._take(gate.on_command(Command(CommandKind.BASE_TWIST, twist, now_ns), 0.0, "base"))
        if arm is not None:
            wanted = np.asarray(arm, dtype=float)
            self._take(gate.on_command(Command(CommandKind.JOINT_POSITION, wanted, now_ns), 0.0, "arm"))
        self.world.step(round(PERIOD_S / self.world.step_s))
        self._tick += 1

    def go(self, duration_s, arm=None, base=None):
        """Steps; `arm` gives the joints at s since the beginning."""
        for k in range(round(duration_s / PERIOD_S)):
            self.step(arm(k * PERIOD_S) if arm is not None else None, base)

    def _take(self, decision):
        self.events += decision.events
        for part in decision.parts:
            self.sent[part.channel].append((self.now_ns, part.values))
            if part.channel == "base":
                self.world.set_twist(float(part.values[0]), float(part.values[2]))
            else:
                self.world.set_joint_targets(part.values)
