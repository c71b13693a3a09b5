"""What a person can do after a stop, by the check that asked for it."""

from __future__ import annotations

# Every check of noetra_ros/safety/checks has an entry; a test holds that.
ADVICE = {
    "acceleration": "Look at what sends the commands: it asked for more than the robot can do.",
    "clock": "Look at the time service (NTP, PTP) and at what stamps joint states and commands; then "
    "safety/reset and safety/arm.",
    "cornering": "Look at what sends the commands: it turned too hard for its speed; cornering_mps2 is in "
    "the profile of the robot.",
    "estop": "Find out why the button was pressed. Release it, call safety/reset, then safety/arm.",
    "estop_chain": "Look at the wire and at the publisher of the source that fell silent, then safety/reset.",
    "finite": "Look at what sends the commands: its inputs and its model's normalisation are the usual "
    "causes of values that are no numbers.",
    "footprint": "Look at what stood in the way of the base, and at its scanner: a dirty window, a cable or "
    "a part of the robot in its plane is taken for a thing.",
    "force_limit": "A person was within reach at a speed that contact does not allow. Keep the distance, or "
    "look at contact_regions and payload_kg.",
    "grip_force": "Look at what sends the commands: it asked the gripper for a force that is none; "
    "force_n or effort_nm of the channel is the limit.",
    "heartbeat": "Look at the log of the node that fell silent: it ended, hung, or the machine was too busy.",
    "jerk": "Look at what sends the commands: it asked for more than the robot can do.",
    "limiter": "Look at what sends the commands: this one fitted neither the channel nor the limits.",
    "operator": "A person asked for it. safety/reset where it is latched, then safety/arm.",
    "perception": "Look at the sensor that is named: lens, mount, cable, light. config/perception.yaml holds "
    "the limits.",
    "policy_trust": "The model saw what it was not trained on. Look at the pictures: light, things in the "
    "way, a camera that was moved.",
    "position": "Look at what sends the commands: joint order, zero of the encoders, radians or degrees.",
    "rate": "Look at what sends the commands: it is faster than the channel's rate, or there are two of it.",
    "reduced_speed": "Reduced speed is on (safety/reduced_speed); nothing ends it but the same service.",
    "separation": "A person, or a thing that was taken for one, was too near. Look at the pictures; a thing "
    "that always stands there belongs into `fixtures` of config/perception.yaml.",
    "shape": "The source speaks to another robot or channel: number of values, joint names, message type.",
    "sole_writer": "Stop the program that publishes on the controller's topic, or remap it to command_in.",
    "stale": "Look at the rate of the stream that is named and at the load of the machine; "
    "command_timeout_s is the limit for commands.",
    "supervisor": "Look at the log of the supervisor: it ended, hung, or was kept from running. The robot's "
    "own controller decides what it does then.",
    "tool_travel": "Look at what sends the twists, and where the tool stands: from outside the box of the "
    "profile it may only come back in.",
    "tracking_error": "Look whether something held the robot, and at its drives: it was not where it was "
    "told to be.",
    "velocity": "Look at what sends the commands: it asked for more than the robot can do.",
    "workspace": "Look at what sends the commands: the tool would have left the box of the profile.",
}
UNKNOWN = "Look at the events above, and at the supervisor's log."


def advice_for(check: str) -> str:
    """What to do about a stop that a check asked for."""
    return ADVICE.get(check, UNKNOWN)
