"""Speaks the host's protocol without LeRobot: answers joints + seed for every row, or fails as it is told."""

from __future__ import annotations

import importlib.util
import socket
import sys
import time
from pathlib import Path

import numpy as np

ROWS = 8
HOST = Path(__file__).parents[3] / "noetra_ros" / "policy" / "lerobot" / "host.py"


def main() -> None:
    spec = importlib.util.spec_from_file_location("host", HOST)
    assert spec is not None
    assert spec.loader is not None
    host = importlib.util.module_from_spec(spec)
    sys.modules["host"] = host
    spec.loader.exec_module(host)
    link = socket.socket(fileno=int(sys.argv[1]))
    while True:
        try:
            fields, arrays = host.receive(link)
        except EOFError:
            return
        task = fields.get("task", "")
        if task == "hang":
            time.sleep(600)
        if task == "die":
            print("last words", flush=True)
            sys.exit(3)
        if task == "break":
            host.send(link, {"error": "ValueError: broken"})
            continue
        values = {}
        if fields["operation"] == "infer":
            joints = arrays["observation.state"][-1] + fields["seed"]
            rows = np.tile(joints, (int(task) if task.isdigit() else ROWS, 1))
            rows[: fields.get("frozen", 0)] = arrays.get(host.PREFIX, rows)[: fields.get("frozen", 0)]
            values = {"values": rows}
        if task == "nan":
            values = {"values": values["values"] * np.nan}
        host.send(link, {}, values)


if __name__ == "__main__":
    main()
