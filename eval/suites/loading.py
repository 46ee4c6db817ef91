"""A suite ready to be asked: its cases with their gold found in the articles, and the articles as read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.suites.cases import Case, GoldPlace, LibrarySource, PlannedCase, Suite
from eval.suites.hashing import hash_json
from eval.suites.reading import SUITE_FILE, list_problems, read_cases, read_suite
from eval.suites.sets.content import MissingSetError, SetArticle, SetContent, read_set
from vectorstore import Article, Given, ReadSettings, SourceError, discover, read_path

SHIPPED = Path(__file__).parent
RECORDS = "articles.jsonl"


@dataclass(frozen=True, slots=True)
class LoadedLibrary:
    """Articles that are asked together."""

    name: str
    articles: Mapping[str, Article]
    """By the keys that the suite calls them."""
    paths: tuple[Path, ...] = ()
    """Files they are in, for articles of the suite's own."""
    records: tuple[SetArticle, ...] = ()
    """What they were made of, for articles of a data set."""

    @property
    def sha256(self) -> str:
        """Of all that an answer can depend on: texts and metadata, in order."""
        parts = [
            [a.text, a.language, a.title, a.outlet, a.authors, str(a.published), a.url]
            for a in self.articles.values()
        ]
        return hash_json(parts)

    def write(self, folder: Path) -> list[Path]:
        """Files to add to a library: the suite's own, or one made in `folder`."""
        if not self.records:
            return list(self.paths)
        path = folder / RECORDS
        path.write_text("\n".join(record.model_dump_json() for record in self.records), "utf-8")
        return [path]


@dataclass(frozen=True, slots=True)
class LoadedSuite:
    """Everything a run needs."""

    suite: Suite
    cases: tuple[PlannedCase, ...]
    libraries: Mapping[str, LoadedLibrary]
    notices: tuple[str, ...] = ()
    """What was left out, and why."""

    @property
    def sha256(self) -> str:
        """Of the cases with their gold, and of what gates."""
        cases = [planned.model_dump(mode="json") for planned in self.cases]
        return hash_json([cases, self.suite.gate, self.suite.floors])

    @property
    def library_sha256(self) -> str:
        return hash_json([[name, library.sha256] for name, library in sorted(self.libraries.items())])


def list_shipped() -> tuple[str, ...]:
    """Return names of the suites that come with Pullquote."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob(f"*/{SUITE_FILE}")))


def find_suite(reference: str) -> Path:
    """Return the folder of a shipped suite's name, or of a path. Raises SourceError if it is neither."""
    if reference in list_shipped():
        return SHIPPED / reference
    folder = Path(reference).expanduser()
    if folder.name == SUITE_FILE:
        folder = folder.parent
    if (folder / SUITE_FILE).is_file():
        return folder
    raise SourceError(
        f"There is no suite “{reference}”: it is no folder with a {SUITE_FILE}, and none of those that come "
        f"with Pullquote ({', '.join(list_shipped())})."
    )


def load_suite(folder: Path, data: Path | None = None) -> LoadedSuite:
    """Read a suite whole, and check it whole; `data` is the folder of the published data sets.

    Raises:
        SourceError: a file is missing or wrong; ids repeat; gold is not in its article; there is no case.
    """
    suite = read_suite(folder)
    libraries = {source.name: _read_library(folder, source) for source in suite.libraries}
    placed = []
    for name in suite.cases:
        for number, case in read_cases(folder / name):
            placed.append((f"{folder / name} line {number}", case))
    notices: list[str] = []
    for source in suite.sets:
        if data is None:
            raise SourceError(
                f"Suite “{suite.name}” reads {source.set} from a folder of evaluation data; name it with "
                "--data FOLDER or PULLQUOTE_DATA. README says where to get it."
            )
        try:
            content = read_set(source, data)
        except MissingSetError as error:
            if source.required:
                raise SourceError(f"{error}; --data names the folder of the evaluation data") from error
            notices.append(f"{suite.name}: {source.set} left out, {error}")
            continue
        libraries |= _take_set(content)
        placed += [(f"{source.set} case {case.id}", case) for case in content.cases]
    confirmed = [(where, case) for where, case in placed if not case.draft]
    if len(confirmed) < len(placed):
        notices.append(f"{suite.name}: {len(placed) - len(confirmed)} unconfirmed drafts left out")
    if not confirmed:
        raise SourceError(
            f"Suite “{suite.name}” in {folder} has no case to ask; put one a line into "
            f"{suite.cases[0] if suite.cases else 'a file that `cases` names'}"
        )
    return LoadedSuite(suite, tuple(_plan(confirmed, libraries)), libraries, tuple(notices))


def _read_library(folder: Path, source: LibrarySource) -> LoadedLibrary:
    articles: dict[str, Article] = {}
    paths: list[Path] = []
    for path in discover(folder / name for name in source.articles):
        if isinstance(path, SourceError):
            raise path
        paths.append(path)
        for read in read_path(path, Given(), ReadSettings()):
            if isinstance(read, SourceError):
                raise read
            name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
            line = read.origin.partition("#line ")[2]
            articles[f"{name}#{line}" if line else name] = read
    if not articles:
        raise SourceError(f"The library “{source.name}” of {folder / SUITE_FILE} holds no article")
    return LoadedLibrary(source.name, articles, paths=tuple(paths))


def _take_set(content: SetContent) -> Iterator[tuple[str, LoadedLibrary]]:
    # Read as the library reads them, which may put a title before the text: gold is looked for in that.
    for name, records in content.libraries.items():
        with tempfile.TemporaryDirectory(prefix="pullquote-eval-") as folder:
            library = LoadedLibrary(name, {}, records=tuple(records))
            articles: dict[str, Article] = {}
            (path,) = library.write(Path(folder))
            for record, read in zip(records, read_path(path, Given(), ReadSettings()), strict=True):
                if isinstance(read, SourceError):
                    raise read
                articles[record.id] = read
        yield name, LoadedLibrary(name, articles, records=tuple(records))


def _plan(placed: Sequence[tuple[str, Case]], libraries: Mapping[str, LoadedLibrary]) -> list[PlannedCase]:
    problems: list[str] = []
    seen: dict[str, str] = {}
    planned = []
    for where, case in placed:
        if case.id in seen:
            problems.append(f"{where}: id: “{case.id}” is the id of {seen[case.id]} too")
        seen.setdefault(case.id, where)
        library = _choose_library(where, case, libraries, problems)
        if library is not None:
            planned.append(_plan_one(where, case, library, problems))
    if problems:
        raise SourceError(list_problems(problems))
    return planned


def _choose_library(
    where: str, case: Case, libraries: Mapping[str, LoadedLibrary], problems: list[str]
) -> LoadedLibrary | None:
    name = case.library or (next(iter(libraries)) if len(libraries) == 1 else None)
    if name is None:
        problems.append(f"{where}: library: say which of {', '.join(libraries)} is asked")
        return None
    if name not in libraries:
        problems.append(f"{where}: library: there is no library “{name}” in this suite")
        return None
    return libraries[name]


def _plan_one(where: str, case: Case, library: LoadedLibrary, problems: list[str]) -> PlannedCase:
    places: list[GoldPlace] = []
    languages: list[str] = []
    for number, gold in enumerate(case.gold):
        article = library.articles.get(gold.article)
        if article is None:
            problems.append(f"{where}: gold.{number}.article: there is no article “{gold.article}”")
            continue
        span = gold.find_in(article.text)
        if span is None:
            problems.append(
                f"{where}: gold.{number}.quote: “{gold.quote[:60]}” is not in {gold.article}"
                + (f" at {gold.start}" if gold.start is not None else "")
            )
            continue
        start, end = span
        fact = gold.fact or f"#{number}"
        places.append(
            GoldPlace(article=article.id, start=start, end=end, quote=article.slice(span), fact=fact)
        )
        languages.append(article.language)
    keys = [*case.filters.articles, *([case.claim.article] if case.claim else [])]
    field = "claim.article" if case.claim else "filters.articles"
    problems += [f"{where}: {field}: there is no article “{k}”" for k in keys if k not in library.articles]
    first = case.gold[0].article if case.gold else case.claim.article if case.claim else case.id
    return PlannedCase(
        case=case,
        gold=tuple(places),
        cluster=case.cluster or first,
        library=library.name,
        article_language=languages[0] if len(set(languages)) == 1 else None,
    )
