"""package.xml, CMakeLists, requirements and licences agree with each other and with the tree."""

import ast
import re
import sys
import tomllib
import xml.etree.ElementTree as ElementTree

import pytest

import noetra_ros

IMPORT_NAMES = {"mcap-ros2-support": "mcap_ros2", "pillow": "PIL", "pin": "pinocchio", "pyyaml": "yaml"}
# open3d: one tool that made the shipped meshes; lerobot: imported in the process of its own environment
# viser: the extra `view`, which brings zstandard
OPTIONAL_IMPORTS = {"open3d", "lerobot", "ray", "viser", "zstandard"}


@pytest.fixture(scope="session")
def manifest(repo):
    """package.xml."""
    return ElementTree.parse(repo / "package.xml").getroot()


def requirement_names(path):
    """Names in a requirements file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [re.split(r"[<>=!~ ]", bare)[0] for line in lines if (bare := line.partition("#")[0].strip())]


def pins(path):
    """name -> version of a file in which every line must be exact."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if bare := line.partition("#")[0].strip():
            name, exact, version = bare.partition("==")
            assert exact and version, f"{path.name}: {bare!r} is not pinned"
            found[name] = version
    return found


def test_manifest_is_a_format_3_ament_cmake_package(manifest):
    assert (manifest.tag, manifest.get("format")) == ("package", "3")
    assert manifest.findtext("export/build_type") == "ament_cmake"
    assert manifest.findtext("license") == "Apache-2.0"
    assert manifest.findtext("member_of_group") == "rosidl_interface_packages"


def test_versions_agree(manifest, repo):
    changelog = (repo / "CHANGELOG.rst").read_text(encoding="utf-8")
    version = manifest.findtext("version")
    assert noetra_ros.__version__ == version
    assert re.search(rf"^{re.escape(version)} \(", changelog, re.MULTILINE)


def test_every_interface_file_is_built_and_importable(repo):
    generated = {"msg": "msg", "srv": "srv", "action": "action"}
    for folder, suffix in generated.items():
        module = pytest.importorskip(f"noetra_ros.{folder}")
        files = list((repo / folder).glob(f"*.{suffix}"))
        assert files
        assert [path.stem for path in files if not hasattr(module, path.stem)] == []


def test_every_interface_field_is_explained(repo):
    field = re.compile(r"^[a-zA-Z][\w/\[\]<>=]*\s+\w+\s*(#.*)?$")
    for path in [*repo.glob("msg/*.msg"), *repo.glob("srv/*.srv"), *repo.glob("action/*.action")]:
        lines = path.read_text(encoding="utf-8").splitlines()
        bare = [line for line in lines if field.match(line.strip()) and "#" not in line and "=" not in line]
        assert [line for line in bare if not line.startswith("bool success")] == [], path.name


def test_every_node_has_an_executable(repo):
    listed = set(re.search(r"foreach\(node ([\w ]+)\)", (repo / "CMakeLists.txt").read_text())[1].split())
    present = {path.stem for path in (repo / "noetra_ros" / "ros").glob("*_node.py")}
    assert listed == present


def test_every_node_has_a_main(repo):
    for path in (repo / "noetra_ros" / "ros").glob("*_node.py"):
        functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        assert "main" in {node.name for node in functions}, path.name


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_explained(repo, name):
    pinned = pins(repo / "constraints.txt")
    assert [package for package in requirement_names(repo / name) if package not in pinned] == []
    lines = (repo / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.strip() and "#" not in line] == []


@pytest.mark.parametrize("distro", ["kilted", "jazzy"])
def test_ros_wheels_are_pinned(repo, distro):
    wheels = pins(repo / f"requirements-ros-{distro}.txt")
    assert f"ros-{distro}-rclpy" in wheels
    assert not set(wheels) & set(pins(repo / "constraints.txt"))


def test_the_sources_import_what_is_required_and_nothing_else(repo, sources, manifest):
    imported = set()
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
    third_party = imported - set(sys.stdlib_module_names) - {"noetra_ros"} - OPTIONAL_IMPORTS
    from_ros = {entry.text for tag in ("depend", "exec_depend") for entry in manifest.iter(tag)}
    required = {IMPORT_NAMES.get(name, name) for name in requirement_names(repo / "requirements.txt")}
    assert third_party - from_ros - required == set(), "add to requirements.txt, or to package.xml"
    assert required - third_party == set(), "required, yet imported nowhere"


def test_licences_of_direct_dependencies_are_listed(repo):
    listed = (repo / "THIRD_PARTY.md").read_text(encoding="utf-8").lower()
    names = requirement_names(repo / "requirements.txt") + requirement_names(repo / "requirements-dev.txt")
    assert [name for name in names if f"| {name} |" not in listed] == []


def test_shipped_assets_are_attributed(repo):
    listed = (repo / "THIRD_PARTY.md").read_text(encoding="utf-8")
    folders = {path.parent.relative_to(repo) for path in (repo / "noetra_ros").rglob("*.stl")}
    assert [str(folder) for folder in folders if str(folder) not in listed] == []


def test_tools_configuration_is_valid(repo):
    settings = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["ruff"]["line-length"] == 110
    assert settings["project"]["scripts"] == {"noetra": "noetra_ros.cli.main:main"}
