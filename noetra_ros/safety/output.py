"""What goes to the controller: sends values, keeps their pace, and drives a stop to its end."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.safety.inputs import NS_PER_S
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.pace import SetpointClock
from noetra_ros.safety.reckoning import Reckoning
from noetra_ros.safety.snapshot import Values
from noetra_ros.safety.twist_trail import TwistTrail

# How early a stop step may come: the watchdog ticks at the channel's rate, in no phase to the commands.
STOP_LEAD_PERIODS: Final = 1.5
# After so many periods without a setpoint the controller has been holding the last one.
PAUSE_PERIODS: Final = 3.0


class Output:
    """The way out of one channel.

    Args:
        limits: limits of the channel.
        max_lead_periods: how far commands may run ahead of real time; a stop step that would, waits.

    Attributes:
        motion: what was last sent.
        reckoning: where a base has gone by it.
        trail: twists that were sent to a tool; None on other channels.
        effort: N or Nm of a gripper, sent with all values until a command asks for another; NaN = the channel
            carries none.
        count: of what was sent.
    """

    def __init__(self, limits: ChannelLimits, max_lead_periods: float) -> None:
        self.motion = ChannelMotion(limits)
        self.reckoning = Reckoning()
        self.trail = TwistTrail() if limits.kind is CommandKind.EE_TWIST else None
        self.effort = limits.effort.most if limits.effort is not None else math.nan
        self._is_twist = limits.kind is CommandKind.BASE_TWIST
        self._stop_lead_s = min(STOP_LEAD_PERIODS, max_lead_periods) * limits.period_s
        self._pause_s = PAUSE_PERIODS * limits.period_s
        self.count = 0
        self._pace = SetpointClock(round(limits.period_s * NS_PER_S))
        self._sent_ns = 0
        self._looked_ns: int | None = None
        self._has_stop_to_send = self._is_held_by_controller = False

    def start_at(self, measured: Values | None, now_ns: int) -> None:
        """Arming: the reference is the measured position (None for twists)."""
        self.motion.start_at(measured)
        self.restart_pace()
        self._sent_ns = now_ns

    def restart_pace(self) -> None:
        """After a jump of the clock: the old pace may lie in the future and would hold back a stop."""
        self._pace.restart()

    def lead_s(self, now_ns: int) -> float:
        """s by which setpoints would run ahead of real time if one more were sent now."""
        return self._pace.lead_ns(now_ns) / NS_PER_S

    def is_due(self, now_ns: int) -> bool:
        """Whether a setpoint of our own may be sent now: the watchdog is in no phase to the commands."""
        return self.lead_s(now_ns) <= self._stop_lead_s + 1e-9

    def gap_s(self, now_ns: int) -> float:
        """s since something was sent, or since arming."""
        return (now_ns - self._sent_ns) / NS_PER_S

    def settle(self, now_ns: int) -> None:
        """After a pause the motion goes on from what the controller holds, not from what was under way: the
        differences of setpoints that lie apart in time are no rates. A robot that was sent nothing for long
        stands, however fast it was: going on from the speed of then would push a standing robot. Where this
        process itself was held up, the controller may not have got the last setpoint: joints stand where they
        are told to stand without being told anything.
        """
        gap_s = self.gap_s(now_ns)
        looked_ns = now_ns if self._looked_ns is None else self._looked_ns
        was_held_up = (now_ns - looked_ns) / NS_PER_S > self._pause_s
        self._looked_ns = now_ns
        self._is_held_by_controller |= was_held_up and self.motion.limits.is_position
        if gap_s > self._pause_s:
            self.motion.settle()
        standing_after_s = self.motion.limits.standing_after_s
        if gap_s > standing_after_s and not self.motion.is_at_rest:
            self.motion.stand()
            self._note_twist(self.motion.sent(), self._sent_ns + round(standing_after_s * NS_PER_S))

    def send(self, values: Values, now_ns: int) -> FloatArray:
        """Take `values` (d) as sent now; returns them as an array."""
        self._pace.count(now_ns)
        self.motion.commit(values)
        self._note_twist(values, now_ns)
        self._sent_ns = now_ns
        self._is_held_by_controller = False
        self.count += 1
        return np.array(values)

    def _note_twist(self, values: Values, now_ns: int) -> None:
        if self._is_twist:
            self.reckoning.go(values, now_ns)
        if self.trail is not None:
            self.trail.go(values, now_ns)

    def begin_stop(self) -> None:
        """From now on `stop_step` leads to a standstill; at least one command tells the controller so."""
        self._has_stop_to_send = True

    @property
    def is_stopping(self) -> bool:
        """True until a stop has come to rest and was told to the controller."""
        return self._has_stop_to_send or not self.motion.is_at_rest

    def stop_step(self, now_ns: int) -> FloatArray | None:
        """Next values (d,) of a stop under way, at the channel's pace; None once it has come to rest."""
        self.settle(now_ns)
        if self._is_held_by_controller and self.motion.is_at_rest:
            self._has_stop_to_send = False
        if not self.is_stopping or not self.is_due(now_ns):
            return None
        self._has_stop_to_send = False
        return self.send(self.motion.stop_step(), now_ns)
