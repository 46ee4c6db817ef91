"""Make the tables again.

    python -m bench.tables --data FOLDER [--out vectorstore/search/tables]

`FOLDER` holds `ntrex_sentences_128.jsonl`, `xquad_r_sentences.jsonl` and `xquad_r_questions.jsonl`. Takes
about fifteen minutes on two cores. Prints what the tables were calibrated to.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from bench.tables.adapter import train_adapter
from bench.tables.calibration import (
    FOLDS,
    LANGUAGES,
    collect_cases,
    fit_background,
    fit_coefficients,
    fold_of,
)
from bench.tables.means import measure_means, save_means
from bench.tables.questions import read_pools, read_questions
from vectorstore.embedding import E5Embedder
from vectorstore.search.transform import Centering, LanguageMeans

SHIPPED = Path(__file__).parents[2] / "vectorstore" / "search" / "tables"
CALIBRATION_STEP = 7
"""Of the questions in other languages every seventh is calibrated on; of the English ones all."""


def main() -> None:
    """Measure, train, calibrate, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep-means", action="store_true", help="use the language means that are in --out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        make_tables(
            arguments.data,
            arguments.out,
            E5Embedder.bundled(Path(cache), arguments.threads),
            arguments.keep_means,
        )


def make_tables(data: Path, out: Path, embedder: E5Embedder, keep_means: bool = False) -> None:
    """Write `languages.npz`, `adapter.npz` and `answer.npz`."""
    if not keep_means:
        save_means(measure_means(data / "ntrex_sentences_128.jsonl", embedder), out)
    means = LanguageMeans.read(out / "languages.npz")
    centering = Centering(means)
    pools = read_pools(data / "xquad_r_sentences.jsonl", embedder, centering)
    questions = read_questions(data / "xquad_r_questions.jsonl", embedder, centering)
    articles = {question.article for question in questions}
    print(f"{len(questions)} questions, {len(pools)} pools", flush=True)
    halves = [{a for a in articles if fold_of(a) != fold} for fold in range(FOLDS)]
    adapters = [train_adapter(questions, pools, half) for half in halves]
    np.savez_compressed(
        out / "adapter.npz", weights=train_adapter(questions, pools, articles).astype(np.float16)
    )
    print("adapter written", flush=True)
    asked = [
        q
        for n, q in enumerate(questions)
        if q.language == "en" or (n % CALIBRATION_STEP == 0 and q.language in LANGUAGES)
    ]
    cases = collect_cases(asked, pools, adapters, means)
    held_out = [fit_background(asked, cases, fold) for fold in range(FOLDS)]
    backgrounds = [
        float(asked[c.question].vector @ held_out[fold_of(asked[c.question].article)][:-1])
        + float(held_out[fold_of(asked[c.question].article)][-1])
        for c in cases
    ]
    coefficients = fit_coefficients(asked, cases, backgrounds)
    np.savez_compressed(
        out / "answer.npz", coefficients=coefficients, background=fit_background(asked, cases, None)
    )
    print("coefficients", coefficients, flush=True)


if __name__ == "__main__":
    main()
