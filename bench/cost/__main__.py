"""Calls of the model and tokens of prompts an answer takes, in Pullquote and in others, at their defaults.

    uv venv PEERS
    uv pip install --link-mode copy --python PEERS/bin/python llama-index-core paper-qa
    uv pip install --link-mode copy --python PEERS/bin/python llama-index-llms-openai-like
    python -m bench.cost --questions 20 --data PATH --peers PEERS/bin/python

`PATH` holds `xquad_r_sentences.jsonl` and `xquad_r_questions.jsonl` (see docs/benchmarks.md). English
questions are asked over English articles and over German ones. A server on loopback stands in for the model:
it counts, and says what a good model would. Everybody searches with the same embedder. Beside a German quote
Pullquote shows a translation, which takes a further call and no peer does; a row without stands beside. The
others run in an environment of their own, copied rather than linked, because LlamaIndex refuses to read files
with several links; without `--peers` only Pullquote is measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from agent import ask
from agent.generative import AgentSettings, Writer
from agent.llm import ChatModel, ModelSettings
from agent.llm.tokens import ESTIMATE_WITH, count_with
from agent.settings.paths import find_paths
from agent.settings.sections import Translate
from bench.cost.cases import CostCase, find_case, read_cases
from bench.cost.peers import PEERS, PeerFailedError, drive
from bench.cost.replies import answer_as_asked
from bench.cost.server import MODEL, CountingServer, ServedPrompt
from bench.questions import open_library, to_json
from eval.suites.datasets import SetDocument
from vectorstore import E5Embedder, Embedder

OURS = "Pullquote"
PER_MESSAGE = 4
"""Tokens a chat template puts around a message."""
HEAD = (
    "| articles | system | calls an answer | prompt tokens an answer, mean | most | answer was shown |\n"
    "|---|---|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one question took."""

    calls: int
    tokens: int
    is_gold_shown: bool


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--languages", default="en,de", help="of the articles")
    parser.add_argument("--peers", type=Path, help="interpreter that the others are installed for")
    parser.add_argument("--threads", type=int, default=1, help="of the embedder")
    options = parser.parse_args()
    cache = find_paths().cache
    embedder = E5Embedder.bundled(cache, options.threads)
    failures: list[str] = []
    print(HEAD)
    for language in options.languages.split(","):
        documents, cases = read_cases(options.data, language, options.questions)
        default = AgentSettings()
        runs = {OURS: partial(run_pullquote, documents, cases, cache, embedder, default)}
        if language != "en":
            alone = default.model_copy(update={"translate": Translate.NEVER})
            runs[f"{OURS} without translations"] = partial(
                run_pullquote, documents, cases, cache, embedder, alone
            )
        for peer in PEERS if options.peers else ():
            runs[peer.name] = partial(drive, peer, options.peers, documents, cases)
        for name, run in runs.items():
            try:
                found, costs = count(cases, embedder, cache, run)
            except PeerFailedError as error:
                failures.append(str(error))
            else:
                print(row(language, f"{name} {found}", costs), flush=True)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def count(
    cases: Sequence[CostCase], embedder: Embedder, cache: Path, run: Callable[[str], str]
) -> tuple[str, list[Cost]]:
    """Run a system against a server of its own; its version, and the cost of each case.

    Args:
        cases: what is asked.
        embedder: whose vectors the server gives.
        cache: folder of the encoding that counts.
        run: puts the cases to a server at the address it is given, and returns a version.
    """
    with CountingServer(answer_as_asked(cases), embedder) as server:
        found = run(server.url)
    by_case: dict[CostCase, list[ServedPrompt]] = {case: [] for case in cases}
    for prompt in server.prompts:
        case = find_case(cases, prompt.text)
        if case is not None:
            by_case[case].append(prompt)
    costs = [
        Cost(
            len(prompts),
            sum(count_tokens(prompt, cache) for prompt in prompts),
            any(case.is_shown_in(prompt.text) for prompt in prompts),
        )
        for case, prompts in by_case.items()
    ]
    return found, costs


def count_tokens(prompt: ServedPrompt, cache: Path) -> int:
    """Tokens of a whole request in o200k_base."""
    read = count_with(ESTIMATE_WITH, prompt.text, cache) + count_with(ESTIMATE_WITH, prompt.overhead, cache)
    return read + PER_MESSAGE * prompt.messages


def run_pullquote(
    documents: Sequence[SetDocument],
    cases: Sequence[CostCase],
    cache: Path,
    embedder: Embedder,
    settings: AgentSettings,
    url: str,
) -> str:
    """Index and ask as `pullquote ask` does; its version."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = ChatModel.connect(ModelSettings(base_url=url, name=MODEL), folder / "model", {})
        assert model is not None
        with open_library(to_json(documents), folder / "news", cache, embedder) as library:
            for case in cases:
                ask(library, case.question, writer=Writer(model, settings))
    try:
        return version("pullquote")
    except PackageNotFoundError:
        return "from its source"


def row(language: str, name: str, costs: Sequence[Cost]) -> str:
    """A line of the table."""
    calls, tokens = [cost.calls for cost in costs], [cost.tokens for cost in costs]
    shown = sum(cost.is_gold_shown for cost in costs)
    return (
        f"| {language} | {name} | {np.mean(calls):.2f} | {np.mean(tokens):,.0f} | {max(tokens):,} | "
        f"{shown} of {len(costs)} |"
    )


if __name__ == "__main__":
    sys.exit(main())
