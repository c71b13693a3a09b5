"""Filing: a name, a whole file, bounds kept; a full disk costs no older incident."""

import pytest
from made_incidents import content, incident

from noetra_ros.data.blackbox.filing import file_incident
from noetra_ros.data.blackbox.retention import Bounds, incident_files

BOUNDS = Bounds(10**9, 2, 0)


def test_files_are_kept_to_their_number_the_newest_last(tmp_path):
    folder = tmp_path / "box"
    paths = [file_incident(folder, BOUNDS, incident(second), content([1.0])) for second in range(4)]
    assert incident_files(folder) == paths[-2:]
    assert paths[0].name.endswith("-protective_stop-separation.mcap")


def test_a_full_disk_costs_no_older_incident(tmp_path):
    old = file_incident(tmp_path, BOUNDS, incident(0), content([1.0]))
    with pytest.raises(OSError, match="disk full"):
        file_incident(tmp_path, Bounds(1, 1, 10**18), incident(1), content([1.0]))
    assert incident_files(tmp_path) == [old]
