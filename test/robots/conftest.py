"""Where the arm that is made for tests lies."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
