"""What the robot really did: physics oracle, statistics, typed records and the report page (free of ROS)."""
