"""MuJoCo worlds, tasks, the scripted expert and the physics trace: everything simulated, free of ROS."""
