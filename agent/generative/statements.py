"""From what a model drafted to statements that may be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent.answer.answer import Check, Statement
from agent.answer.citations import LoadArticle, check_pointer, cite
from agent.generative.checking import CheckStatement, LoadPassages, make_claim
from agent.generative.labels import Labelled, Labels
from agent.generative.sanitize import LONGEST, find_invented_addresses, sanitize
from agent.llm.stream import Draft
from vectorstore import UnknownArticleError

OnStatement = Callable[[Statement], None]

MOST_CITED = 8
"""Citations of one statement; what a model cites beyond that it has not read for this statement."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A statement that is not shown as it is, and why."""

    draft: Draft
    reasons: tuple[str, ...]


class Gate:
    """Lets statements through that are cited and pass every check; everybody downstream sees only those."""

    def __init__(
        self,
        labels: Labels,
        load: LoadArticle,
        load_passages: LoadPassages,
        check: CheckStatement,
        question: tuple[str, str],
        language: str,
        on_statement: OnStatement,
    ) -> None:
        """Take the parts.

        Args:
            labels: what the model has been shown.
            load: reads an article afresh.
            load_passages: the passages of an article.
            check: judges a statement.
            question: with its language.
            language: in which the statements are written.
            on_statement: told of every statement that passes, at once.
        """
        self._labels = labels
        self._load = load
        self._load_passages = load_passages
        self._check = check
        self._question = question
        self._language = language
        self._on_statement = on_statement
        self._texts: set[str] = set()
        self.shown: list[Statement] = []
        self.failed: list[Failed] = []
        """Statements that failed and have not been put right."""
        self.uncited = 0
        """Statements that cite nothing the model was shown."""
        self._claimed: dict[str, int] = {}

    def take(self, draft: Draft) -> bool:
        """Judge one draft; True when it was let through."""
        text = sanitize(draft.text)
        cited = self._resolve(draft.labels)
        if not text or not cited:
            self.uncited += 1
            return False
        if text in self._texts:
            return False
        try:
            statement = self._state(text, cited)
            checks = self._judge(text, statement, cited)
        except UnknownArticleError:
            # The article was removed while the model was writing.
            self.uncited += 1
            return False
        reasons = tuple(check.detail or check.name for check in checks if not check.passed)
        if reasons:
            labels = tuple(sentence.label for sentence in cited)
            self.failed.append(Failed(Draft(text, labels, draft.conflict), reasons))
            return False
        if draft.conflict is not None:
            self._claimed[text] = draft.conflict
        self._texts.add(text)
        passed = statement.model_copy(update={"checks": tuple(checks)})
        self.shown.append(passed)
        self._on_statement(passed)
        return True

    def retake(self, drafts: Sequence[Draft]) -> None:
        """Judge what the model wrote in place of what failed; what fails again is not tried again.

        Stopped by Ctrl-C, it has put right what passed until then, and no more.
        """
        given_back, uncited = self.failed, self.uncited
        self.failed = []
        if len(drafts) == len(given_back):
            # A repair does not ask again what contradicts what.
            drafts = [
                replace(draft, conflict=draft.conflict or entry.draft.conflict)
                for draft, entry in zip(drafts, given_back, strict=True)
            ]
        mended = 0
        try:
            for draft in drafts[: len(given_back)]:
                mended += self.take(draft)
        finally:
            self.failed, self.uncited = given_back[mended:], uncited

    def adopt(self, statement: Statement, conflict: int | None) -> None:
        """Show a statement that another gate has let through."""
        if statement.text in self._texts:
            return
        if conflict is not None:
            self._claimed[statement.text] = conflict
        self._texts.add(statement.text)
        self.shown.append(statement)
        self._on_statement(statement)

    def conflict_of(self, statement: Statement) -> int | None:
        """The number by which the model holds a statement to contradict others; nobody has looked into it."""
        return self._claimed.get(statement.text)

    @property
    def withheld(self) -> int:
        """Statements that were written and are not shown."""
        return len(self.failed) + self.uncited

    def _resolve(self, labels: Sequence[str]) -> list[Labelled]:
        known = (self._labels.resolve(label) for label in labels)
        return list({sentence.label: sentence for sentence in known if sentence}.values())[:MOST_CITED]

    def _state(self, text: str, cited: Sequence[Labelled]) -> Statement:
        articles = {sentence.article_id: self._load(sentence.article_id) for sentence in cited}
        return Statement(
            text=text,
            citations=tuple(cite(articles[s.article_id], s.span, s.role) for s in cited),
        )

    def _judge(self, text: str, statement: Statement, cited: Sequence[Labelled]) -> list[Check]:
        """Ours first: they are cheap, and the others presuppose them."""
        checks = []
        for citation in statement.citations:
            pointer = check_pointer(citation, self._load(citation.article))
            if not pointer.passed:
                checks.append(pointer)
        invented = find_invented_addresses(text, [citation.quote for citation in statement.citations])
        if invented:
            shown = ", ".join(f"“{address}”" for address in invented)
            checks.append(Check(name="links", passed=False, detail=f"{shown} is not in what is cited"))
        if len(text) > LONGEST:
            detail = f"it has {len(text)} characters; a statement is one sentence"
            checks.append(Check(name="length", passed=False, detail=detail))
        if checks:
            return checks
        claim = make_claim(text, self._language, cited, self._question, self._load, self._load_passages)
        return list(self._check(claim))
