import gc
import threading

import numpy as np
import torch

from noetra_ros.learning import uploads
from noetra_ros.learning.uploads import uploaded

CPU = torch.device("cpu")
ELSEWHERE = torch.device("meta")  # stands for a GPU: keeps shapes, no numbers


def test_a_picture_is_uploaded_once_for_all_threads_that_look():
    rgb = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(uploaded(rgb, ELSEWHERE))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4 and all(tensor is seen[0] for tensor in seen)
    assert seen[0].shape == (2, 4, 3) and seen[0].device == ELSEWHERE


def test_the_processor_looks_at_the_array_itself():
    rgb = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert uploaded(rgb, CPU).data_ptr() == rgb.ctypes.data


def test_what_was_uploaded_goes_with_its_picture():
    for _ in range(20):
        rgb = np.zeros((2, 4, 3), np.uint8)
        uploaded(rgb, ELSEWHERE)
        del rgb
        gc.collect()
        assert not uploads._UPLOADED


def test_read_only_arrays_are_taken_too():
    rgb = np.full((2, 4, 3), 7, np.uint8)
    rgb.flags.writeable = False
    assert int(uploaded(rgb, CPU).sum()) == 7 * 24
