"""The simulated base drive: follows speeds within its own limits, however commands come, and stops alone."""

import numpy as np
import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.base_drive import BaseDrive

STEP_S = 0.002
PROFILE = load_robot("diffbot")


class DrivenBase:
    """A drive and the mass that it pushes forward, nothing else."""

    def __init__(self):
        self.drive = BaseDrive(PROFILE.base, PROFILE.channel(), STEP_S, PROFILE.sim.chassis)
        self.velocity = np.zeros(3)
        self.speeds = [0.0]

    def run(self, duration_s):
        for _ in range(round(duration_s / STEP_S)):
            self.velocity[0] += (
                self.drive.forces(0.0, self.velocity)[0] / PROFILE.sim.chassis.mass_kg * STEP_S
            )
            self.speeds.append(self.velocity[0])

    @property
    def hardest(self):
        """m/s2 over windows of 20 ms."""
        speeds, steps = np.array(self.speeds), round(0.020 / STEP_S)
        return np.abs(speeds[steps:] - speeds[:-steps]).max() / 0.020


def test_commands_that_come_in_pairs_are_followed_within_the_acceleration():
    """A busy machine: one period gets no command and the next gets two."""
    base = DrivenBase()
    for k in range(1, 21):
        base.drive.set_twist(min(0.4, 0.02 * k), 0.0)
        base.run(0.004 if k % 2 else 0.036)
    base.run(0.3)
    assert base.hardest <= PROFILE.base.linear_mps2 * (1.0 + 1e-9)
    assert base.velocity[0] == pytest.approx(0.4, abs=1e-3)


def test_a_jump_is_followed_at_the_limit_and_not_faster():
    base = DrivenBase()
    for _ in range(30):
        base.drive.set_twist(0.5, 0.0)
        base.run(0.02)
    assert 0.99 * PROFILE.base.linear_mps2 < base.hardest <= PROFILE.base.linear_mps2 * (1.0 + 1e-9)


def test_without_commands_it_stops_after_its_own_time_out():
    base = DrivenBase()
    for _ in range(30):
        base.drive.set_twist(0.5, 0.0)
        base.run(0.02)
    base.run(PROFILE.channel().controller_timeout_s - 0.02)
    assert base.velocity[0] > 0.45
    base.run(0.5 / PROFILE.base.linear_mps2 + 0.2)
    assert base.velocity[0] == pytest.approx(0.0, abs=1e-3) and base.drive.told[0] == 0.5
