"""The only folder, beside cli/, that imports rclpy or a message: nodes, conversions, interfaces."""

from noetra_ros.ros.environment import prepare_environment

# Before rclpy: DDS reads its settings when the first participant is made. A file that cannot be set is told
# by `noetra doctor`; variables that the user set are left as they are.
prepare_environment()
