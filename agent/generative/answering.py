"""An answer written by a model: searched for, streamed, checked, repaired once, counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain

from langchain_core.messages import AIMessage

from agent.answer.answer import Answer, Mode, Step, Verdict
from agent.extractive.quotes import find_nearest
from agent.generative.evidence import Block
from agent.generative.model_steps import ModelStep, ask_once, run_agent
from agent.generative.run import Run
from agent.generative.search_tools import SearchTools
from agent.generative.validator import StatementContext, StatementValidator
from agent.generative.wording import name_language, word_answer
from agent.generative.writer import NotWrittenError, Withheld, Writer, WritingStopped
from agent.llm import ModelError
from agent.llm.budget import Budget
from vectorstore import Filters, Library

_ENDS = " ?!.,;:\"'"


def write_answer(
    library: Library,
    question: str,
    filters: Filters,
    writer: Writer,
    *,
    nearest: int,
    budget: Budget | None = None,
) -> Answer:
    """Return what the articles say to `question`, in sentences of the model's, each cited and checked.

    The first search is made before the model is asked, so that a question which it answers costs one call.
    The `filters` hold for everything that is read; the model may add to them and not widen them. `nearest` is
    how many passages are shown when the articles do not say it, and `budget` what is left of the writer's
    settings when something was taken before.
    Raise NotWrittenError where the model failed before any statement could be shown, and WritingStopped at
    Ctrl-C when some had been shown.
    """
    run = Run(library, writer, budget)
    tools = SearchTools(run, filters, writer.on_trace)
    first = tools.search_first(question)
    found = tools.results[0]
    written_in = writer.language or found.language
    run.language = name_language(written_in)
    asked = StatementContext(question, found.language, written_in)
    validator = StatementValidator(run, asked, writer.on_statement, run.judge)
    step = None
    if first.sentences:
        step = _write(run, tools, first, validator, question)
        for failed in validator.failed:
            writer.on_withheld(Withheld(failed.candidate.text, failed.reasons))
    answer = run.note_unjudged(_compose(run, tools, validator, step, question, nearest))
    if not run.is_stopped:
        try:
            answer = run.translate(answer, written_in)
        except KeyboardInterrupt:
            run.is_stopped = True
    answer = answer.model_copy(update={"usage": run.count_usage(tools.results)})
    if run.is_stopped:
        raise WritingStopped(answer)
    return answer


def _write(
    run: Run, tools: SearchTools, first: Block, validator: StatementValidator, question: str
) -> ModelStep:
    """Let the model search on and answer, and repair what failed; Ctrl-C ends it once something is shown."""
    step = ModelStep(AIMessage(""), is_cut=True)
    try:
        try:
            step = _ask(run, tools, first, validator, question)
        except ModelError as error:
            if not validator.shown:
                raise NotWrittenError(str(error), run.count_usage(tools.results)) from error
            run.notes += (str(error),)
        run.repair(validator, question)
    except KeyboardInterrupt:
        if not validator.shown:
            raise
        run.is_stopped = True
    return step


def _ask(
    run: Run, tools: SearchTools, first: Block, validator: StatementValidator, question: str
) -> ModelStep:
    wording = word_answer(question, run.language, datetime.now(UTC).date())
    callable_tools = tools.tools() if run.settings.max_searches else []
    steps = run.steps(wording, first, callable_tools)
    try:
        if not callable_tools:
            return ask_once(steps, validator.take)
        return run_agent(steps, callable_tools, validator.take)
    finally:
        if callable_tools and not steps.takes_tools:
            run.notes += ("This server takes no tools, so the model could not search any further.",)
        if steps.is_shortened:
            run.notes += ("Not all that was found fitted into what the model may read.",)


def _compose(
    run: Run,
    tools: SearchTools,
    validator: StatementValidator,
    step: ModelStep | None,
    question: str,
    nearest: int,
) -> Answer:
    statements = tuple(validator.shown)
    # From all searches, the likeliest first.
    evidence = sorted(
        chain.from_iterable(result.evidence for result in tools.results), key=lambda entry: -entry.probability
    )
    is_whole = step is not None and not step.is_cut and not step.missing and not validator.withheld
    verdict = Verdict.ANSWERED if is_whole else Verdict.PARTIAL
    found = tools.results[0]
    return Answer(
        question=question,
        mode=Mode.AGENT,
        verdict=verdict if statements else Verdict.NOT_FOUND,
        confidence=max(result.answerable for result in tools.results),
        statements=statements,
        nearest=() if statements else find_nearest(evidence, run.load, nearest),
        missing=find_missing(step.missing if step else (), question),
        withheld=validator.withheld,
        notes=(*_note_filters(tools.trace), *run.note_end(step), *run.notes),
        language=found.language,
        generation=found.generation,
        model=run.model.name if step else None,
        prompts=run.prompts,
        trace=tuple(tools.trace),
    )


def find_missing(parts: Sequence[str], question: str) -> tuple[str, ...]:
    """Return the parts that are in the question, in the question's own spelling; nothing else is repeated."""
    # What a model says is missing has no citation; so it may say it in the user's words only.
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


def _note_filters(trace: Sequence[Step]) -> tuple[str, ...]:
    """A model that reads dates into a question must not do so in silence."""
    notes = []
    for step in trace:
        if step.is_inferred and (step.since or step.until):
            begin = f"from {step.since}" if step.since else ""
            days = f"{begin} until {step.until}".strip() if step.until else begin
            notes.append(f"One search was narrowed by the model to articles published {days}.")
    return tuple(dict.fromkeys(notes))
