"""What the requests of one answer or summary share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from agent.answer.answer import Answer, Usage
from agent.answer.citations import LoadArticle
from agent.generative.answer_json import CandidateStatement
from agent.generative.evidence import Block
from agent.generative.judging import Judge
from agent.generative.model_steps import ModelStep, ModelSteps, ask_once
from agent.generative.sentence_ids import SentenceIds
from agent.generative.translating import translate_quotes
from agent.generative.wording import Wording, word_repair
from agent.generative.writer import Writer
from agent.llm import ModelError
from agent.llm.budget import LIMITS, Budget
from vectorstore import Library, SearchResult

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from agent.generative.validator import StatementValidator

_CACHED = 64
"""Articles cached while one answer is written."""


class Run:
    """One answer or summary under way: its model and budget, its sentence ids, and what is to be noted."""

    def __init__(self, library: Library, writer: Writer, budget: Budget | None = None) -> None:
        """Start on `budget`, or on all that the writer's settings allow."""
        self.library = library
        self.model = writer.model
        self.settings = writer.settings
        self.count_tokens = writer.model.count_tokens
        self.budget = budget or Budget(writer.settings, writer.model.price)
        self.load: LoadArticle = lru_cache(_CACHED)(library.articles.get)
        self.load_passages = lru_cache(_CACHED)(library.passages.of_article)
        self.ids = SentenceIds(self.load, self.load_passages)
        self.judge = Judge(writer.judge, self.budget) if writer.judge else None
        self.language = ""
        """The name of the language the model writes in."""
        self.prompts: tuple[str, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.is_stopped = False
        """Whether Ctrl-C ended it, with something shown."""

    def steps(self, wording: Wording, block: Block, tools: Sequence[BaseTool] = ()) -> ModelSteps:
        """Return what makes steps with this prompt and these sentences, on the run's budget."""
        self.prompts += (wording.version,)
        return ModelSteps(self, wording, block, tools)

    def repair(self, validator: StatementValidator, question: str) -> None:
        """Send back what failed, in one request; silence and failure leave it withheld. Ctrl-C is raised."""
        if not validator.failed or self.budget.hit is not None:
            return
        shown = tuple(filter(None, map(self.ids.resolve, self.ids.shown)))
        steps = self.steps(word_repair(question, self.language, validator.failed), Block(shown))
        candidates: list[CandidateStatement] = []
        try:
            ask_once(steps, candidates.append)
        except ModelError as error:
            self.notes += (f"What failed a check could not be corrected: {error}",)
        validator.take_repaired(candidates)

    def note_unjudged(self, answer: Answer) -> Answer:
        """Return the answer with what the judge could not say."""
        if self.judge is None:
            return answer
        notes = answer.notes + self.judge.say_unjudged(answer.statements)
        return answer.model_copy(update={"notes": notes, "prompts": answer.prompts + self.judge.prompts})

    def note_end(self, step: ModelStep | None) -> tuple[str, ...]:
        """Say why an answer is not all that the model would have written."""
        hit = self.budget.hit
        if hit is not None:
            return (f"The limit on {LIMITS[hit]} ended the answer; `{hit}` sets it.",)
        if self.is_stopped:
            return ("Stopped before it was finished; what is shown passed its checks.",)
        if step is not None and step.is_cut:
            return ("The model's reply broke off; what is shown was complete.",)
        return ()

    def translate(self, answer: Answer, language: str) -> Answer:
        """Return the answer with translations beside its quotes, as the settings want it."""
        return translate_quotes(answer, self.model, self.budget, self.settings.translate, language)

    def count_usage(self, results: Sequence[SearchResult]) -> Usage:
        """Return what the searches and the model took together up to now."""
        used = self.budget.usage
        by_model = Usage(
            model_ms=round(1000 * self.budget.model_seconds, 1),
            model_calls=self.budget.calls,
            prompt_tokens=used.input_tokens,
            cached_tokens=used.cached_tokens,
            completion_tokens=used.output_tokens,
            tokens_are_estimated=used.is_estimate,
            cost=self.budget.cost,
        )
        return sum((Usage.of_search(result.cost) for result in results), by_model)
