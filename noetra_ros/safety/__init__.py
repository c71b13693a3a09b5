"""Non-safety-rated supervisory layer: judges every command on its way to the robot's controller.

What it is: a *non-safety-rated* supervisory layer. It passes, clamps, slows or stops commands by limits of
position, velocity, acceleration, jerk and workspace, by the freshness of its inputs, and by an emergency-stop
input.

What it is not: a safety function in the sense of ISO 13849-1 or IEC 61508. It sits above a certified robot
controller and emergency stop; its limits feed a risk assessment and do not replace one.

Numpy, the standard library and (for the tool position) pinocchio; no ROS, no torch. Time enters as `now_ns`.
"""

from noetra_ros.safety.kernel import load_kernel

KERNEL = load_kernel()  # before anything of it can be imported
