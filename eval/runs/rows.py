"""The contract of a run folder: what is in its files, line by line.

RUN/run.json         RunManifest: what was asked, of what, by what; written once, before the first answer
RUN/cases.jsonl      PlannedCase: every case with its gold resolved to spans; written once
RUN/articles.jsonl   ArticleRow: every article that is gold or cited, so that a run can be read alone
RUN/answers.jsonl    AnswerRow: one for each case and repeat, appended as they come
RUN/done.json        Done: the run is whole, and the hash of its answers
RUN/scores.jsonl     ScoreRow: made again by `pullquote eval score`
RUN/summary.json     RunSummary: made with them
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field, JsonValue, field_validator

from agent import Answer, Check
from eval.suites.cases import ClosedModel

FORMAT = 1
"""Version of the run folder; it moves when a field changes its meaning or is removed."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Environment(ClosedModel):
    """Where a run was made; runs that differ in it alone are the same."""

    python: str
    platform: str
    processors: int
    packages: dict[str, str] = Field(default_factory=dict)
    """Versions of what answers depend on."""


class UsedModel(ClosedModel):
    """The model that wrote; it never holds a key."""

    name: str
    endpoint: str
    """Without user, password and query."""
    temperature: float | None
    settings: Sha256
    """Of everything in the model's and agent's settings that is not secret."""


class SuiteIdentity(ClosedModel):
    """Which cases on which articles."""

    name: str
    title: str = ""
    sha256: Sha256
    """Of every case with its gold, and of what gates."""
    library: Sha256
    """Of the articles: texts and metadata."""
    gate: tuple[str, ...] = ()
    floors: dict[str, float] = Field(default_factory=dict)


class SystemIdentity(ClosedModel):
    """What answers: two runs with the same one differ by chance only."""

    pullquote: str
    """Version."""
    code: Sha256
    """Of the program's files, so that a change without a new version is seen."""
    prompts: dict[str, Sha256] = Field(default_factory=dict)
    """Of every prompt file."""
    embedder: str
    """Fingerprint."""
    settings: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """`search`, `answer`, `embedder` and, with a model, `agent`, as they were in force."""
    model: UsedModel | None = None


class RunManifest(ClosedModel):
    """`run.json`."""

    format: int = FORMAT
    id: str
    """Also the folder's name."""
    created: AwareDatetime
    identity: Sha256
    """Of suite, system, repeats, limit and seed: an unfinished run with the same one is resumed."""
    suite: SuiteIdentity
    system: SystemIdentity
    environment: Environment
    repeats: Annotated[int, Field(ge=1)]
    limit: int | None = None
    """Cases asked at the most, drawn by `seed`; None for all."""
    seed: int = 0
    cases: Annotated[int, Field(ge=1)]
    """How many are asked, each `repeats` times."""
    has_latencies: bool = True
    """Whether times are those of a user; not when passages were encoded once for all questions."""


class ArticleRow(ClosedModel):
    """An article as it was asked."""

    id: str
    text: str
    language: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    """ISO 8601."""
    url: str | None = None
    key: str
    """What the suite calls it."""


class Ranked(ClosedModel):
    """One sentence of the ranking a question got, in the article's code points."""

    article: str
    start: int
    end: int
    score: float


class ClaimOutcome(ClosedModel):
    """One sentence of a claim, with what the checks said."""

    text: str
    checks: tuple[Check, ...]


class AnswerRow(ClosedModel):
    """What came out for one case, once."""

    case: str
    repeat: int
    asked: AwareDatetime
    answer: Answer | None = None
    """None for a claim, and after a failure."""
    ranking: tuple[Ranked, ...] = ()
    """Of the first search, best first."""
    claim: tuple[ClaimOutcome, ...] = ()
    failure: str | None = None
    """Why there is no answer. Such a row is unscored, never wrong."""
    reused: bool = False
    """Whether the answer was cached by an earlier run of the same system."""


class Done(ClosedModel):
    """`done.json`."""

    finished: AwareDatetime
    rows: int
    failures: int
    answers: Sha256
    """Of `answers.jsonl`."""


class ScoreRow(ClosedModel):
    """The metrics of one case, once."""

    case: str
    repeat: int
    values: dict[str, float] = Field(default_factory=dict)
    unscored: dict[str, str] = Field(default_factory=dict)
    """Metrics that could not be taken, and why. What does not apply to a case is in neither."""

    @field_validator("values")
    @classmethod
    def _are_numbers(cls, values: dict[str, float]) -> dict[str, float]:
        for name, value in values.items():
            if not math.isfinite(value):
                raise ValueError(f"{name} is {value}, not a number")
        return values


class MetricSummary(ClosedModel):
    """One metric over a run."""

    name: str
    cases: int
    """Cases it could be taken of, repeats not counted."""
    unscored: int = 0
    estimate: float | None
    """None when it could be taken of no case; `note` says why."""
    low: float | None = None
    high: float | None = None
    """95 % interval; None where there cannot be one, which `note` says."""
    note: str = ""


class LanguageSummary(ClosedModel):
    """One metric over the cases of one question language."""

    language: str
    metric: MetricSummary


class Totals(ClosedModel):
    """What a run took."""

    answers: int
    failures: int
    reused: int
    prompt_tokens: int
    completion_tokens: int
    embedded_tokens: int
    cost: Decimal | None
    """US dollars; None where the model's prices are not known."""


class UsedJudge(ClosedModel):
    """The model that graded, pinned by its name and by the words it was given."""

    name: str
    endpoint: str
    """Without user, password and query; judges that differ in it alone are the same."""
    prompt: Sha256
    """Of the prompts of both orders."""

    def is_same(self, other: UsedJudge | None) -> bool:
        """Whether what both said can be compared."""
        return other is not None and (self.name, self.prompt) == (other.name, other.prompt)

    def __str__(self) -> str:
        return f"{self.name} (prompt {self.prompt[:12]})"


class RunSummary(ClosedModel):
    """`summary.json`."""

    format: int = FORMAT
    scorer: Sha256
    """Of the code that scored."""
    judge: UsedJudge | None = None
    """Of the judged metrics; None where no judge was asked."""
    metrics: tuple[MetricSummary, ...]
    languages: tuple[LanguageSummary, ...] = ()
    totals: Totals

    def find(self, name: str) -> MetricSummary | None:
        """Return a metric over the whole run; None where it was not taken."""
        return next((metric for metric in self.metrics if metric.name == name), None)
