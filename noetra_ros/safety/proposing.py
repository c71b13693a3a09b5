"""What would be sent for a command: within the limits of the axes, held by no barrier."""

from __future__ import annotations

from noetra_ros.safety.explanations import held_back
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.snapshot import Values
from noetra_ros.safety.surroundings import Surroundings
from noetra_ros.safety.verdict import Action, Verdict


class Proposer:
    """Makes proposals of one channel, and remembers nothing: checks judge a proposal before it is sent.

    Args:
        motion: what was last sent.
        inputs: what was heard: where the robot is.
        surroundings: what perception sees.
        projection: barriers that motion is held against; None = none.
    """

    def __init__(
        self,
        motion: ChannelMotion,
        inputs: Inputs,
        surroundings: Surroundings,
        projection: Projection | None,
    ) -> None:
        self._motion, self._inputs = motion, inputs
        self._surroundings, self._projection = surroundings, projection

    def propose(self, wanted: Values, aim: Values, held: list[Verdict], scale: float) -> Values:
        """What would be sent for a usable command.

        Args:
            wanted: (d) its values.
            aim: (d) how fast the commands themselves move.
            held: takes why a barrier changed it.
            scale: share of the speed limits that may be used, 0..1.
        """
        measured = self._inputs.measured()
        if measured is not None:
            self._motion.observe(measured)
        proposed = self._motion.propose(wanted, aim, scale)
        joints = self._inputs.joint_positions
        if self._projection is None or joints is None:
            return proposed
        self._projection.see(self._surroundings.scene)
        projected = self._projection.apply(self._motion, proposed, scale, joints)
        held.extend(held_back(projected))
        return projected.values

    def left_of(self, proposed: Values, verdicts: list[Verdict]) -> Values:
        """The share of a proposal (d) that verdicts leave; a step of the controlled stop where one of them
        says stop.
        """
        if not verdicts:
            return proposed
        share = min([v.scale for v in verdicts if v.action is Action.CLAMP], default=1.0)
        if any(v.action >= Action.STOP for v in verdicts):
            share = 0.0
        return proposed if share >= 1.0 else self._motion.blend(proposed, share)
