"""The supervisor: judges every command, keeps time-outs, stops the robot, explains what it did.

Free of ROS and of clocks: each call says what time it is. Whatever goes wrong in here ends in a fault stop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.check import Check
from noetra_ros.safety.events import operator_event
from noetra_ros.safety.explanations import approaching, bridged, too_early, unusable
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.lookout import Lookout
from noetra_ros.safety.modes import LATCHED, Mode
from noetra_ros.safety.naming import effort_to_send, in_channel_order, usable_values
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.proposing import Proposer
from noetra_ros.safety.report import Decision
from noetra_ros.safety.settings import SupervisorSettings
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.trajectory.follower import Step
from noetra_ros.safety.verdict import Action, Verdict


class Supervisor(Lookout):
    """Gate of one command channel: what is known of it, and what is sent.

    Args:
        limits: limits of the channel.
        checks: the checks that run, by name; at least one.
        settings: thresholds.
        projection: barriers that motion is held against; None = none.

    Raises:
        ConfigError: no check.
    """

    def __init__(
        self,
        limits: ChannelLimits,
        checks: Mapping[str, Check],
        settings: SupervisorSettings,
        projection: Projection | None = None,
    ) -> None:
        super().__init__(limits, checks, settings, projection)
        self._proposer = Proposer(self.motion, self.inputs, self._round.surroundings, projection)

    def on_command(self, command: Command, delay_s: float = 0.0) -> Decision:
        """Judge one command at its arrival.

        Args:
            command: as it arrived, content unchecked.
            delay_s: its age on arrival by its own stamp; 0 where it carries none.
        """
        self.counters.judged += 1
        command = in_channel_order(command, self.limits.names)
        self.inputs.hear_command(command, delay_s)
        self._execution.give_way()
        return self._guarded(lambda: self._judge(command), command.arrival_ns)

    def on_trajectory(self, trajectory: Trajectory, delay_s: float = 0.0) -> Decision:
        """Take a whole trajectory; ticks judge it and carry it out. One without points is a controlled stop.

        Args:
            trajectory: as it arrived, content unchecked.
            delay_s: its age on arrival by its own stamp, below 0 = it starts later; 0 where it has none.
        """
        self.counters.judged += 1
        return self._guarded(lambda: self._take_over(trajectory, delay_s), trajectory.arrival_ns)

    def tick(self, now_ns: int) -> Decision:
        """Watchdog, once each period: time-outs, and the next step of a stop under way."""
        return self._guarded(lambda: self._watch(now_ns), now_ns)

    def reduce_speed(self, is_on: bool, now_ns: int) -> Decision:
        """A person (or program) turns the mode reduced speed on or off; nothing else does."""
        self._is_speed_reduced = is_on
        reason = f"reduced speed is {'on' if is_on else 'off'}"
        return self._decide(None, [operator_event(reason, self.mode)], now_ns)

    def on_estop(self, source: str, is_pressed: bool, now_ns: int) -> Decision:
        """An e-stop source was pressed or released; pressing latches, releasing alone changes nothing."""
        self.inputs.hear_estop(source, is_pressed, now_ns)
        if is_pressed:
            return self.estop(now_ns, f"emergency stop {source} is pressed")
        return self._decide(None, [], now_ns)

    def estop(self, now_ns: int, reason: str) -> Decision:
        """Emergency stop by a person, latched."""
        verdict = Verdict("estop", Action.ESTOP, reason)
        return self._guarded(lambda: self._stop_for(verdict, now_ns), now_ns)

    def arm(self, now_ns: int) -> Decision:
        """Let commands pass, from the measured position on; refused with a reason while anything is wrong."""
        return self._guarded(lambda: self._arm(now_ns), now_ns)

    def disarm(self, now_ns: int) -> Decision:
        """Controlled stop, then STANDBY; leaves latched modes as they are."""
        if not self._modes.is_armed:
            return self._decide(None, [], now_ns, f"not armed: {self.mode.name}")
        was_passing = self._modes.is_passing
        self._modes.disarm("disarmed")
        values = self._stop(was_passing, now_ns)
        return self._decide(values, [operator_event("disarmed", self.mode)], now_ns)

    def reset(self, now_ns: int) -> Decision:
        """Leave a latched mode for STANDBY; refused while its cause is there or the robot still moves."""
        return self._guarded(lambda: self._reset(now_ns), now_ns)

    def _guarded(self, answer: Callable[[], Decision], now_ns: int) -> Decision:
        """The one broad except: whatever goes wrong ends in a fault, latched, and a controlled stop."""
        try:
            return answer()
        except Exception as error:
            check = self._round.asking or "supervisor"
            verdict = Verdict(check, Action.FAULT, f"{check} failed: {type(error).__name__}: {error}")
            return self._stop_for(verdict, now_ns)

    def _take_over(self, trajectory: Trajectory, delay_s: float) -> Decision:
        hindrance = "" if self._modes.is_passing else f"{self.mode.name}: {self._modes.reason}"
        self.inputs.target = None  # whatever becomes of it: nobody asks for the last command's goal any more
        if self._execution.take(trajectory, delay_s, hindrance):
            self.inputs.hear_trajectory(trajectory.arrival_ns)
        else:
            self.counters.interventions += 1
        return self._decide(None, [], trajectory.arrival_ns)

    def _judge(self, command: Command, keeps_scale: bool = False) -> Decision:
        now_ns = command.arrival_ns
        self.output.settle(now_ns)
        was_passing, was_armed = self._modes.is_passing, self._modes.is_armed
        lead_s = self.output.lead_s(now_ns) if was_passing else 0.0
        lead_limit_s = self._settings.max_lead_periods * self.limits.period_s
        is_due = lead_s <= lead_limit_s + 1e-9
        wanted = usable_values(command, self.limits) if was_passing else None
        held: list[Verdict] = []
        proposed = None
        if wanted is not None and is_due:
            scale = 1.0 if keeps_scale else self._modes.scale
            proposed = self._proposer.propose(wanted, self.inputs.aim(wanted), held, scale)
        snapshot = self._snapshot(now_ns, command, wanted if is_due else None, proposed, lead_s)
        verdicts = [*self._round.evaluate(snapshot), *held]
        if was_passing and wanted is None and all(v.action < Action.STOP for v in verdicts):
            verdicts.append(unusable())
        self._take(verdicts, now_ns)
        values = None
        if not self._modes.is_passing:
            self.counters.interventions += was_armed
            values = self._stop(was_passing, now_ns)
        elif proposed is not None:
            self.output.effort = effort_to_send(command, self.limits)
            values = self._pass_on(snapshot, proposed, verdicts, now_ns)
        else:
            self.counters.interventions += 1
            if not any(v.action is Action.CLAMP for v in verdicts):
                verdicts.append(too_early(lead_s, lead_limit_s))
        return self._decide(values, self._log.add(verdicts, self.mode, now_ns), now_ns)

    def _pass_on(
        self, snapshot: Snapshot, proposed: Values, verdicts: list[Verdict], now_ns: int
    ) -> FloatArray:
        """Send the proposal, or the share of it that CLAMP verdicts leave."""
        values = self._proposer.left_of(proposed, verdicts)
        wanted = snapshot.wanted
        if wanted is not None and values != wanted:
            self.counters.interventions += 1
            if not any(v.action in (Action.CLAMP, Action.SLOW) for v in verdicts):
                verdicts.append(approaching(self.limits, wanted, values))
        return self.output.send(values, now_ns)

    def _stop(self, was_passing: bool, now_ns: int) -> FloatArray | None:
        """Begin a stop where commands passed until now, or go on with it."""
        if was_passing:
            self.output.begin_stop()
            self.inputs.target = None
        return self.output.stop_step(now_ns)

    def _watch(self, now_ns: int) -> Decision:
        self.output.settle(now_ns)
        was_passing = self._modes.is_passing
        if was_passing and self.output.is_due(now_ns):
            scene = self._round.surroundings.scene
            step = self._execution.next(now_ns, self._modes.scale, self.inputs.joint_positions, scene)
            if step is not None:
                return self._follow(step, now_ns)
        verdicts = self._look(now_ns)
        self._take(verdicts, now_ns)
        # At a tick, so that the mode is told before the first command passes.
        self._modes.resume_if_due(self._may_resume(), self._ramp.scale, now_ns)
        values = self._bridge(verdicts, now_ns) if self._modes.is_passing else self._stop(was_passing, now_ns)
        events = self._log.add(verdicts, self.mode, now_ns) if self.mode is not Mode.STARTUP else []
        events += self._log.expire(self.mode, now_ns)
        return self._decide(values, events, now_ns)

    def _follow(self, step: Step, now_ns: int) -> Decision:
        """The next setpoint of a trajectory is judged as a command is."""
        command = Command(self.limits.kind, np.array(step.wanted), now_ns, None, self.limits.names)
        decision = self._judge(command, step.keeps_scale)
        return changed(decision, events=(*decision.events, *self._log.expire(self.mode, now_ns)))

    def _bridge(self, verdicts: list[Verdict], now_ns: int) -> FloatArray | None:
        """No command came for some periods: go on to a clamped goal, or brake a joint motion; twists hold as
        soon as they no longer accelerate.
        """
        if self._execution.is_braking:
            self.inputs.target = None
            return self.output.stop_step(now_ns)
        gap_s, target = self.output.gap_s(now_ns), self.inputs.target
        limit_s = self._settings.bridge_after_periods * self.limits.period_s
        if gap_s < limit_s or target is None:
            return None
        is_there, has_joints = self.motion.sent() == target, bool(self.limits.joint_indices)
        if is_there and (self.motion.is_at_rest if has_joints else self.motion.is_steady):
            return None
        is_braking = is_there and has_joints
        verdicts.append(bridged(gap_s, limit_s, is_braking))
        if is_braking:
            self.inputs.target = values = self.motion.stop_step()
        else:
            proposed = self._proposer.propose(target, (0.0,) * len(target), verdicts, self._modes.scale)
            values = self._judged(target, proposed, verdicts, now_ns)
        return self.output.send(values, now_ns)

    def _judged(self, target: Values, proposed: Values, verdicts: list[Verdict], now_ns: int) -> Values:
        """What the checks leave of a proposal that no command asked for: they see it as they see commands."""
        seen = self._round.evaluate(self._snapshot(now_ns, wanted=target, proposed=proposed))
        verdicts.extend(v for v in seen if v.action is Action.CLAMP and v.scale < 1.0)
        return self._proposer.left_of(proposed, seen)

    def _arm(self, now_ns: int) -> Decision:
        if self.mode is not Mode.STANDBY:
            return self._decide(None, [], now_ns, f"cannot arm in {self.mode.name}: {self._modes.reason}")
        if self.output.is_stopping:
            return self._decide(None, [], now_ns, "cannot arm: the robot still moves")
        verdicts = self._look(now_ns)
        self._take(verdicts, now_ns)
        blocking = [v.reason for v in verdicts if self._hinders_arming(v)]
        if self._hindrance:
            blocking.append(self._hindrance)
        measured = self.inputs.measured()
        if self.limits.joint_indices and (measured is None or not all(map(math.isfinite, measured))):
            blocking.append("the measured joint positions are missing or hold NaN")
        if blocking:
            return self._decide(None, [], now_ns, f"cannot arm: {'; '.join(blocking)}")
        self.output.start_at(measured, now_ns)
        self.inputs.note_armed(now_ns)
        self._execution.restart()
        self._ramp.restart()
        self._modes.arm()
        return self._decide(None, [operator_event("armed", self.mode)], now_ns)

    def _reset(self, now_ns: int) -> Decision:
        if self.mode not in LATCHED:
            return self._decide(None, [], now_ns, f"nothing to reset in {self.mode.name}")
        if self.output.is_stopping:
            return self._decide(None, [], now_ns, "cannot reset: the robot still moves")
        self.output.restart_pace()
        causes = [v.reason for v in self._look(now_ns) if v.action >= Action.ESTOP]
        if self.inputs.is_estop_pressed:
            causes.append(f"emergency stop {', '.join(self.inputs.pressed_sources)} is still pressed")
        if self._reset_hindrance:
            causes.append(self._reset_hindrance)
        if causes:
            return self._decide(None, [], now_ns, f"cannot reset: {'; '.join(causes)}")
        self._modes.reset()
        return self._decide(None, [operator_event("reset", self.mode)], now_ns)

    def _stop_for(self, verdict: Verdict, now_ns: int) -> Decision:
        """Latch for one verdict that no check gave, and begin the stop."""
        self._round.asking = ""
        was_passing = self._modes.is_passing
        self._take([verdict], now_ns)
        events = self._log.add([verdict], self.mode, now_ns)
        return self._decide(self._stop(was_passing, now_ns), events, now_ns)
