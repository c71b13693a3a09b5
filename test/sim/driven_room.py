"""The base in its room under a supervisor with the shipped settings: physics, scanner, gate in one loop."""

import mujoco
import numpy as np

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.settings import check_values, shipped_settings
from noetra_ros.safety.supervisor import Supervisor
from noetra_ros.sim.worlds.room import Room

PERIOD_S, SCAN_PERIODS = 0.02, 5
SCAN_LATE_S = 0.04  # from the sweep until the supervisor hears of it


class DrivenRoom:
    """Drives by twists at 50 Hz, scans at 10 Hz, and counts what the chassis touches.

    Args:
        seed: of the boxes' places.
        without: a check that is left out.
    """

    def __init__(self, seed, without=""):
        self.profile = load_robot("diffbot")
        settings = shipped_settings()
        limits = channel_limits(self.profile, self.profile.channel())
        names = [name for name in settings.checks if name != without]
        checks = build_checks(names, check_values(settings), limits)
        self.supervisor = Supervisor(limits, checks.running, settings)
        self.world = Room(self.profile)
        self.world.reset(seed)
        self.touched, self.sent, self.events = set(), [], []
        self._late = []
        self._tick = 0
        self.step()
        assert self.supervisor.arm(self.now_ns).refusal == ""

    @property
    def now_ns(self):
        return 10**10 + self.world.time_ns

    @property
    def mode(self):
        return self.supervisor.mode

    def step(self, twist=None):
        """One period: sensors, watchdog, and a command where there is one."""
        model, data = self.world._model, self.world._data
        if self._tick % SCAN_PERIODS == 0:
            scan = self.world.scan()
            self._late.append(
                (self.now_ns, PlanarScan((0.0, 0.0), scan.angle_min_rad, scan.angle_step_rad, scan.ranges_m))
            )
        while self._late and (self._tick == 0 or self.now_ns - self._late[0][0] >= SCAN_LATE_S * 1e9):
            stamp_ns, sweep = self._late.pop(0)
            self.supervisor.on_scan("scan", sweep, self.now_ns, (self.now_ns - stamp_ns) / 1e9)
        self.supervisor.on_stream("odom", self.now_ns)
        self._take(self.supervisor.tick(self.now_ns))
        if twist is not None:
            values = np.array([twist[0], 0.0, twist[1]])
            self._take(
                self.supervisor.on_command(Command(CommandKind.BASE_TWIST, values, self.now_ns, None, ()))
            )
        for _ in range(round(PERIOD_S / self.world.step_s)):
            self.world.step()
            for k in range(data.ncon):
                names = {model.geom(int(g)).name for g in data.contact[k].geom}
                if "chassis" in names:
                    self.touched |= names - {"chassis"}
        self._tick += 1

    def drive(self, twist, duration_s):
        for _ in range(round(duration_s / PERIOD_S)):
            self.step(twist)

    def _take(self, decision):
        self.events += decision.events
        if decision.values is not None:
            self.sent.append(decision.values)
            self.world.set_twist(float(decision.values[0]), float(decision.values[2]))

    def gap_m(self):
        """From the rim of the chassis to the nearest thing."""
        mujoco.mj_forward(self.world._model, self.world._data)
        return float(np.min(self.world.scan().ranges_m)) - 0.18

    def speed(self):
        odometry = self.world.odometry()
        return abs(odometry.linear_mps), abs(odometry.angular_radps)


def is_standing(room):
    return room.mode in (Mode.ACTIVE, Mode.PROTECTIVE_STOP) and max(room.speed()) < 0.02
