"""An answer written by a model: searched for, streamed, checked, repaired once, counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from langchain_core.messages import AIMessage

from agent.answer.answer import Answer, Mode, NearestPassage, Step, Usage, Verdict
from agent.answer.citations import LoadArticle
from agent.extractive.quotes import find_nearest
from agent.generative.calling import Caller, Turn
from agent.generative.checking import make_check
from agent.generative.evidence import Block
from agent.generative.judging import Judge
from agent.generative.labels import Labels
from agent.generative.loop import as_openai_tools, ask_once, run_agent
from agent.generative.statements import Gate, OnStatement
from agent.generative.tools import Desk, OnTrace
from agent.generative.translating import translate_quotes
from agent.generative.wording import Wording, name_language, word_answer, word_repair
from agent.generative.writer import JudgeModel, NotWrittenError, Withheld, WritingStopped
from agent.llm import ChatModel, ModelError
from agent.llm.budget import Budget
from agent.llm.reasons import LIMITS
from agent.llm.stream import Draft
from agent.settings.answering import AgentSettings
from vectorstore import Filters, Library, SearchResult

_ENDS = " ?!.,;:\"'"
_KEPT = 64
"""Articles kept at hand while one answer is written."""


def write_answer(
    library: Library,
    question: str,
    filters: Filters,
    model: ChatModel,
    settings: AgentSettings,
    *,
    language: str | None,
    nearest: int,
    on_statement: OnStatement,
    on_trace: OnTrace,
    on_withheld: Callable[[Withheld], None],
    budget: Budget | None = None,
    judge: JudgeModel | None = None,
) -> Answer:
    """What the articles say to `question`, in sentences of the model's, each cited and checked.

    The first search is made before the model is asked, so that a question which it answers costs one call.

    Args:
        library: where the articles are.
        question: in any language, not empty.
        filters: hold for everything that is read; the model may narrow them and not widen them.
        model: writes.
        settings: what the answer may take.
        language: BCP 47, of the answer; the question's when None.
        nearest: passages shown when the articles do not say it.
        on_statement: told of each statement when it has passed its checks, in the order of the answer.
        on_trace: told of each search and reading.
        on_withheld: told of each statement that failed its checks and is not put right.
        budget: what is left of `settings`, when something was taken before.
        judge: a second model, asked about statements that pass the other checks.

    Raises:
        NotWrittenError: the model failed before any statement could be shown.
        WritingStopped: Ctrl-C, when some had been shown.
    """
    load = lru_cache(_KEPT)(library.articles.get)
    load_passages = lru_cache(_KEPT)(library.passages.of_article)
    labels = Labels(load, load_passages)
    budget = budget or Budget(settings, model.price)
    desk = Desk(
        library, filters, settings, labels, load, lambda text: model.count_tokens(text).number, on_trace
    )
    first = desk.search_first(question)
    found = desk.results[0]
    written_in = language or found.language
    run = Run(model, settings, budget, labels, load, question, name_language(written_in))
    run.judge = Judge(judge, budget) if judge else None
    check = make_check(library, run.judge)
    gate = Gate(
        labels,
        library.articles.get,
        load_passages,
        check,
        (question, found.language),
        written_in,
        on_statement,
    )
    turn = None
    if first.sentences:
        try:
            turn = run.answer(desk, first, gate)
        except ModelError as error:
            if not gate.shown:
                raise NotWrittenError(str(error), add_up(desk.results, budget)) from error
            run.notes += (str(error),)
            turn = Turn(AIMessage(""), is_cut=True)
        except KeyboardInterrupt:
            if not gate.shown:
                raise
            run.is_stopped = True
            turn = Turn(AIMessage(""), is_cut=True)
        try:
            if not run.is_stopped:
                run.repair(gate)
        except KeyboardInterrupt:
            if not gate.shown:
                raise
            run.is_stopped = True
        for failed in gate.failed:
            on_withheld(Withheld(failed.draft.text, failed.reasons))
    answer = run.tell_unjudged(_compose(run, desk, gate, turn, found, filters, load, question, nearest))
    if run.is_stopped:
        raise WritingStopped(run.count(answer, desk.results))
    try:
        translated = run.translate(answer, written_in)
    except KeyboardInterrupt as stop:
        raise WritingStopped(run.count(answer, desk.results)) from stop
    return run.count(translated, desk.results)


@dataclass(slots=True)
class Run:
    """The calls of one answer or summary."""

    model: ChatModel
    settings: AgentSettings
    budget: Budget
    labels: Labels
    load: LoadArticle
    question: str
    language: str
    prompts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    judge: Judge | None = None
    is_stopped: bool = False
    """Whether Ctrl-C ended it, with something shown."""

    def answer(self, desk: Desk, first: Block, gate: Gate) -> Turn:
        """Search on and answer."""
        tools = desk.tools() if self.settings.max_searches else []
        wording = word_answer(self.question, self.language, datetime.now(UTC).date())
        caller = self.caller(wording, first, as_openai_tools(tools))
        try:
            if not tools:
                return ask_once(caller, gate.take)
            return run_agent(caller, self.model.client(), tools, gate.take)
        finally:
            if tools and not caller.takes_tools:
                self.notes += ("This server takes no tools, so the model could not search any further.",)
            if caller.is_shortened:
                self.notes += ("Not all that was found fitted into what the model may read.",)

    def repair(self, gate: Gate) -> None:
        """Send back what failed, all of it in one call; silence and failure leave it withheld.

        Raises:
            KeyboardInterrupt: Ctrl-C; what passed before is in the gate.
        """
        if not gate.failed or self.budget.hit is not None:
            return
        shown = {label: found for label in self.labels.shown if (found := self.labels.resolve(label))}
        wording = word_repair(self.question, self.language, gate.failed)
        caller = self.caller(wording, Block(tuple(shown.values())), [])
        drafts: list[Draft] = []
        try:
            ask_once(caller, drafts.append)
        except ModelError as error:
            self.notes += (f"What failed a check could not be put right: {error}",)
        gate.retake(drafts)

    def tell_unjudged(self, answer: Answer) -> Answer:
        """The answer with what the judge could not tell."""
        if self.judge is None:
            return answer
        notes = answer.notes + self.judge.say_unjudged(answer.statements)
        return answer.model_copy(update={"notes": notes, "prompts": answer.prompts + self.judge.prompts})

    def translate(self, answer: Answer, language: str) -> Answer:
        """The answer with translations beside its quotes, as the settings want it."""
        return translate_quotes(answer, self.model, self.budget, self.settings.translate, language)

    def count(self, answer: Answer, results: Sequence[SearchResult]) -> Answer:
        """The answer with all that it took up to now."""
        return answer.model_copy(update={"usage": add_up(results, self.budget)})

    def caller(self, wording: Wording, block: Block, tools: Sequence[dict[str, object]] = ()) -> Caller:
        """Who makes turns with this prompt and these sentences, counted on the same budget."""
        self.prompts += (wording.version,)
        return Caller(self.model, self.budget, self.labels, self.load, wording, block, tools)


def _compose(
    run: Run,
    desk: Desk,
    gate: Gate,
    turn: Turn | None,
    found: SearchResult,
    filters: Filters,
    load: LoadArticle,
    question: str,
    nearest: int,
) -> Answer:
    statements = tuple(gate.shown)
    missing = find_missing(turn.missing if turn else (), question)
    is_whole = turn is not None and not turn.is_cut and not turn.missing and not gate.withheld
    verdict = Verdict.ANSWERED if is_whole else Verdict.PARTIAL
    return Answer(
        question=question,
        mode=Mode.AGENT,
        verdict=verdict if statements else Verdict.NOT_FOUND,
        confidence=max(result.answerable for result in desk.results),
        statements=statements,
        nearest=() if statements else _nearest(desk.results, load, nearest),
        missing=missing,
        withheld=gate.withheld,
        notes=(*_say_narrowing(desk.trace), *say_end(run, turn), *run.notes),
        language=found.language,
        generation=found.generation,
        model=run.model.name if turn else None,
        prompts=run.prompts,
        trace=tuple(desk.trace),
    )


def find_missing(parts: Sequence[str], question: str) -> tuple[str, ...]:
    """The parts that stand in the question, in the question's own spelling; nothing else is repeated.

    What a model says is missing has no citation; so it may say it in the user's words only.
    """
    folded = question.casefold()
    if len(folded) != len(question):
        folded = question
    found = []
    for part in parts:
        words = " ".join(part.split()).strip(_ENDS)
        at = folded.find(words.casefold()) if words else -1
        if at >= 0:
            found.append(question[at : at + len(words)])
    return tuple(dict.fromkeys(found))


def _nearest(results: Sequence[SearchResult], load: LoadArticle, limit: int) -> tuple[NearestPassage, ...]:
    """From all searches, the likeliest first."""
    evidence = sorted(
        (entry for result in results for entry in result.evidence), key=lambda entry: -entry.probability
    )
    return find_nearest(evidence, load, limit)


def _say_narrowing(trace: Sequence[Step]) -> tuple[str, ...]:
    """A model that reads dates into a question must not do so in silence."""
    notes = []
    for step in trace:
        if step.is_inferred and (step.since or step.until):
            begin = f"from {step.since}" if step.since else ""
            days = f"{begin} until {step.until}".strip() if step.until else begin
            notes.append(f"One search was narrowed by the model to articles published {days}.")
    return tuple(dict.fromkeys(notes))


def say_end(run: Run, turn: Turn | None) -> tuple[str, ...]:
    """Why an answer is not all that the model would have written."""
    notes = []
    if run.budget.hit is not None:
        notes.append(f"The limit on {LIMITS[run.budget.hit]} ended the answer; `{run.budget.hit}` sets it.")
    elif run.is_stopped:
        notes.append("Stopped before it was finished; what is shown passed its checks.")
    elif turn is not None and turn.is_cut:
        notes.append("The model's reply broke off; what is shown was complete.")
    return tuple(notes)


def add_up(results: Sequence[SearchResult], budget: Budget) -> Usage:
    """What the searches and the model took together."""
    costs = [result.cost for result in results]
    return Usage(
        embedded_tokens=sum(cost.embedded_tokens for cost in costs),
        embed_ms=sum(cost.embed_ms for cost in costs),
        index_ms=sum(cost.index_ms for cost in costs),
        rerank_ms=sum(cost.rerank_ms for cost in costs),
        candidates=sum(cost.candidates for cost in costs),
        reranked=sum(cost.reranked for cost in costs),
        model_ms=round(1000 * budget.model_seconds, 1),
        model_calls=budget.calls,
        prompt_tokens=budget.usage.input_tokens,
        cached_tokens=budget.usage.cached_tokens,
        completion_tokens=budget.usage.output_tokens,
        tokens_are_estimated=budget.usage.is_estimate,
        cost=budget.cost,
    )
