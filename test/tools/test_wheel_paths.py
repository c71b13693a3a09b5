"""The builder's paths in the wheels' CMake files are replaced, once."""

from noetra_setup.wheel_paths import correct_wheel_paths

BUILT = (
    'set(a "/opt/python/cp311-cp311/include/python3.11")\n'
    'set(b "/opt/python/cp312-cp312/lib/python3.12/site-packages/numpy/_core/include")\n'
)


def test_both_paths_are_replaced(tmp_path):
    path = tmp_path / "std_msgs" / "cmake" / "export.cmake"
    path.parent.mkdir(parents=True)
    path.write_text(BUILT)
    assert correct_wheel_paths(tmp_path, "/inc/python", "/inc/numpy") == 1
    assert path.read_text() == 'set(a "/inc/python")\nset(b "/inc/numpy")\n'


def test_the_second_time_there_is_nothing_to_do(tmp_path):
    (tmp_path / "export.cmake").write_text(BUILT)
    correct_wheel_paths(tmp_path, "/a", "/b")
    assert correct_wheel_paths(tmp_path, "/a", "/b") == 0


def test_a_linked_file_elsewhere_keeps_its_text(tmp_path):
    cached = tmp_path / "cache.cmake.original"
    cached.write_text(BUILT)
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "export.cmake").hardlink_to(cached)
    correct_wheel_paths(tmp_path / "share", "/a", "/b")
    assert cached.read_text() == BUILT
