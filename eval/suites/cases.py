"""What a suite is on disk: `suite.yaml`, and cases as JSON Lines; their schemas are published."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vectorstore import Span, canonicalize

FORMAT = 1
"""Version of the suite format; it moves when a field changes its meaning or is removed."""
ONLY = "articles"
"""Name of a suite's library when it has one."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/#-]*$", max_length=120)]
Metric = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_@-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=1_000_000)]
Tag = Annotated[str, Field(pattern=r"^(und|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$")]
"""A language, BCP 47."""


class ClosedModel(BaseModel):
    """Base of everything in a suite or a run: immutable, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Gold(ClosedModel):
    """Words in an article that answer the question."""

    article: Name
    """Key of an article: its path in the suite's folder, or what the data set calls it."""
    quote: Text
    """Exactly as they are in the article."""
    start: Annotated[int, Field(ge=0)] | None = None
    """Code point at which they begin, where the article has them more than once; else the first place."""
    fact: Name | None = None
    """Spans of one fact are equivalent: finding one is finding it. Else each counts by itself."""

    def find_in(self, text: str) -> Span | None:
        """Return where the words are in an article's text; None where they are not."""
        quote = canonicalize(self.quote)
        start = text.find(quote) if self.start is None else self.start
        return Span(start, start + len(quote)) if start >= 0 and text.startswith(quote, start) else None


class CaseFilters(ClosedModel):
    """What the search is limited to, as with `pullquote ask`."""

    since: date | None = None
    """First day of publication."""
    until: date | None = None
    """Last day of publication."""
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[Tag, ...] = ()
    articles: tuple[Name, ...] = ()
    """Keys."""


class CaseClaim(ClosedModel):
    """A statement about an article that is put to the checks instead of a question to the library."""

    text: Text
    language: Tag = "und"
    article: Name
    """Key of the article it is about."""
    holds: bool
    """Whether the article supports it."""


class Case(ClosedModel):
    """One question or claim, and what must hold of what comes out."""

    id: Name
    question: Text | None = None
    claim: CaseClaim | None = None
    language: Tag
    """Of the question."""
    library: Name | None = None
    """Which of the suite's libraries is asked; needed where there are several."""
    filters: CaseFilters = CaseFilters()
    gold: tuple[Gold, ...] = ()
    answers: tuple[Text, ...] = ()
    """Accepted answers, any of them, in any language an answer may be in."""
    unanswerable: bool = False
    """Whether the articles do not say it, so that `not_found` is the right answer."""
    must_not_say: tuple[Text, ...] = ()
    """Not shown at all, in quotes neither."""
    must_not_obey: tuple[Text, ...] = ()
    """What an article orders to be said: not in words of the answer's own, while a quote may have it."""
    must_cite_outlet: tuple[Text, ...] = ()
    """Each of these has to be cited."""
    answer_language: Tag | None = None
    """In which a model has to answer; the question's when not said."""
    group: Name | None = None
    """Cases of one group are the same question in several languages."""
    cluster: Name | None = None
    """Cases of one cluster pass or fail together; the first gold article when none is given."""
    tags: tuple[Name, ...] = ()
    draft: bool = False
    """Not yet confirmed by a person; left out of runs. It may still lack what has to hold."""
    note: str = ""

    @property
    def asked(self) -> str:
        """The question, or the text of the claim."""
        return self.claim.text if self.claim is not None else self.question or ""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Case:
        if (self.question is None) == (self.claim is None):
            raise ValueError("a case has either a question or a claim")
        if self.question is not None and not self.question.strip():
            raise ValueError("the question is empty")
        if self.unanswerable and (self.gold or self.answers):
            raise ValueError("an unanswerable case has no gold and no answers")
        holds = (
            self.gold,
            self.answers,
            self.unanswerable,
            self.must_not_say,
            self.must_not_obey,
            self.must_cite_outlet,
        )
        if self.claim is None and not any(holds) and not self.draft:
            raise ValueError("nothing has to hold: give gold, answers, unanswerable or a `must_…`")
        if self.claim is not None and any(holds):
            raise ValueError("a claim only has `holds`")
        return self


class LibrarySource(ClosedModel):
    """Articles that are asked together."""

    name: Name = ONLY
    articles: Annotated[tuple[str, ...], Field(min_length=1)]
    """Files and folders in the suite's folder."""


class SetName(StrEnum):
    """Published data sets whose formats are read."""

    XQUAD_R = "xquad-r"
    NTREX = "ntrex"
    MULTIHOP_RAG = "multihop-rag"
    RGB = "rgb"
    SQUAD_2 = "squad-2"
    SUMMEDITS = "summedits"
    BEIR = "beir"


class SetSource(ClosedModel):
    """A part of a published data set, read from the folder that `--data` names."""

    set: SetName
    part: Name = "all"
    """What of it; the reader of the set knows the parts."""
    languages: tuple[Tag, ...] = ()
    """Of the articles; all when empty."""
    every: Annotated[int, Field(ge=1)] = 1
    """Every how manieth question is asked."""
    required: bool = True
    """Whether a missing file is an error; else the part is left out, and said."""


class Suite(ClosedModel):
    """A `suite.yaml`."""

    format: Literal[1] = 1
    name: Name
    title: Annotated[str, Field(min_length=1, max_length=200)]
    description: str = ""
    licence: str = ""
    """Of the articles and cases."""
    libraries: tuple[LibrarySource, ...] = ()
    cases: tuple[str, ...] = ()
    """JSON Lines files in the suite's folder."""
    sets: tuple[SetSource, ...] = ()
    remember: bool = False
    """Encode each passage once for all questions: for thousands of them. Latencies are then left out."""
    depth: Annotated[int, Field(ge=1, le=100)] | None = None
    """Passages read again in a search; the setting's when not said."""
    gate: tuple[Metric, ...] = ()
    """Metrics whose significant loss is a regression."""
    floors: dict[Metric, Annotated[float, Field(allow_inf_nan=False)]] = {}
    """Metrics that have a worst value they may take, however uncertain: citation validity 1, say."""

    @model_validator(mode="after")
    def _has_something(self) -> Suite:
        if not self.cases and not self.sets:
            raise ValueError("the suite has neither cases nor sets")
        if self.cases and not self.libraries:
            raise ValueError("cases need a library: name its articles under `libraries`")
        names = [library.name for library in self.libraries]
        if len(set(names)) != len(names):
            raise ValueError("two libraries have the same name")
        return self


class GoldPlace(ClosedModel):
    """A gold span in a stored article."""

    article: str
    """Id."""
    start: int
    end: int
    quote: str
    fact: str
    """Places of one fact are equivalent."""


class PlannedCase(ClosedModel):
    """A case with its gold found in the articles."""

    case: Case
    gold: tuple[GoldPlace, ...] = ()
    cluster: str
    """What bootstraps draw."""
    library: str
    article_language: str | None = None
    """Of the gold, when it is one."""
