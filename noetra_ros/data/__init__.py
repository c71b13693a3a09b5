"""What is kept of a robot's work: the black box. Free of ROS."""
