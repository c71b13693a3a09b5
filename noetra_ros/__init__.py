"""noetra_ros: hosts a physical-AI foundation model on a ROS 2 robot.

The generated messages (noetra_ros.msg, .srv, .action) may lie in another folder of the import path than
these sources, for instance when working from a source tree: extend_path() joins both halves.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
__version__ = "0.1.0"
