"""A scene and a robot as files for Gazebo: world, model, controllers, bridge; free of MuJoCo and ROS."""
