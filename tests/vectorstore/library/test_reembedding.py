"""A library gets the vectors of another embedder, over real HTTP, while others read it and add to it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from agent.cli import main
from tests.peers.forked import Forked
from tests.peers.llama_cpp import MODEL, RunLlamaCpp
from tests.peers.scripted_openai import EmbeddingStep, Request, ScriptedOpenAI, Status, Vectors
from tests.vectorstore.embedding.test_from_folder import write_export
from vectorstore import (
    EmbedderSettings,
    Filters,
    Given,
    Library,
    LibraryLockedError,
    LibrarySettings,
    Reembedding,
    ReembedProgress,
    SetupError,
)
from vectorstore.embedding import Embedder
from vectorstore.index import ChromaStore
from vectorstore.index.lock import WriterLock
from vectorstore.library import reembedding as module
from vectorstore.library import serving

SUBJECTS = ("mayor", "harbour master", "council", "bridge keeper", "school board", "court")
ACTS = ("opened", "closed", "sold", "inspected", "praised", "moved")


@dataclass
class Desk:
    """A library, its settings, and what was told on the way."""

    settings: LibrarySettings
    folder: Path
    reader: Embedder
    notices: list[str] = field(default_factory=list)

    def set(self, **embedder: object) -> None:
        """Other embedder settings."""
        given = self.settings.embedder.model_dump() | {"max_retries": 0} | embedder
        changed = EmbedderSettings.model_validate(given)
        self.settings = self.settings.model_copy(update={"embedder": changed})

    def open(self, *, writable: bool = False) -> Library:
        return Library.open(self.settings, writable=writable, notice=self.notices.append)

    def publish(self, *numbers: int) -> None:
        """Add an article for each number, as another process would."""
        for number in numbers:
            subject, act = SUBJECTS[number % len(SUBJECTS)], ACTS[number // len(SUBJECTS) % len(ACTS)]
            text = f"Report {number}\n\nThe {subject} {act} site number {number} on Monday.\n"
            (self.folder / f"{number}.txt").write_text(text, "utf-8")
        with self.open(writable=True) as library:
            library.add([self.folder], Given())

    def reembed(
        self, model: str | None = None, on_progress: Callable[[ReembedProgress], None] = lambda _: None
    ) -> module.ReembedReport:
        with self.prepare(model) as run:
            return run.run(on_progress)

    def prepare(self, model: str | None = None) -> AbstractContextManager[Reembedding]:
        return Reembedding.open(self.settings, model, reader=self.reader, notice=self.notices.append)

    def ask(self, question: str) -> list[str]:
        with self.open() as library:
            return quotes(library, question)

    def broken(self) -> list[str]:
        with self.open() as library:
            return [str(finding) for finding in library.doctor() if not finding.is_well]


def quotes(library: Library, question: str) -> list[str]:
    found = library.search(question).evidence
    texts = {each.article_id: library.articles.get(each.article_id).text for each in found}
    return [texts[each.article_id][each.span.start : each.span.end] for each in found]


@pytest.fixture
def desk(tmp_path: Path, cache: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(serving, "_load", lambda _: embedder)  # The same one, loaded once.
    folder = tmp_path / "in"
    folder.mkdir()
    desk = Desk(LibrarySettings(path=tmp_path / "library", cache=cache), folder, embedder)
    desk.publish(*range(8))
    return desk


@pytest.fixture
def server() -> Iterator[ScriptedOpenAI]:
    with ScriptedOpenAI() as running:
        yield running


def sent(server: ScriptedOpenAI) -> list[str]:
    """Passages that were sent, the probe left out."""
    texts = [text for request in server.requests for text in request.body["input"]]
    return [text for text in texts if text != "What is new?"]


BEST = "The council opened site number 2 on Monday."


def test_a_server_takes_over_and_the_bundled_model_takes_back(desk: Desk, server: ScriptedOpenAI) -> None:
    desk.set(base_url=server.url)
    with desk.open() as library:
        first = library.search("What did the council open?")
    with desk.prepare("openai:tiny") as run:
        plan = run.plan
        assert (plan.model, plan.embedder) == ("openai:tiny", "openai-tiny@127.0.0.1-8")
        assert (plan.passages, plan.done, plan.dropped, plan.is_current) == (16, 0, None, False)
        assert plan.tokens is not None and 16 * 3 < plan.tokens < 16 * 30
        progress: list[ReembedProgress] = []
        report = run.run(progress.append)
    assert [(each.done, each.passages) for each in progress] == [(16, 16)]
    assert report.embedder == "openai-tiny@127.0.0.1-8"
    assert report.passages == 16
    assert report.tokens == progress[-1].tokens == server.requests[1].prompt_tokens
    assert desk.broken() == []
    with desk.open() as library:
        assert library.embedder_fingerprint == "openai-tiny@127.0.0.1-8"
        second = library.search("What did the council open?")
        assert quotes(library, "What did the council open?")[0] == BEST
    # The second stage reads with the same model as before, and judges by its scale.
    assert second.evidence[0].span == first.evidence[0].span
    assert abs(second.evidence[0].score - first.evidence[0].score) < 1e-5
    assert abs(second.answerable - first.answerable) < 0.01
    desk.set(model="e5")
    with desk.prepare("openai:tiny") as run:
        assert run.plan.is_current
    desk.publish(8)
    assert sent(server)[-1] == "The council closed site number 8 on Monday.\n"
    report = desk.reembed("e5")
    assert (report.passages, report.tokens) == (18, 0)
    asked = len(server.requests)
    with desk.open() as library:
        third = library.search("What did the council open?")
    assert abs(third.answerable - first.answerable) < 0.01
    assert len(server.requests) == asked
    assert desk.broken() == []


def test_the_old_set_serves_meanwhile_and_what_is_added_meanwhile_is_picked_up(
    desk: Desk, server: ScriptedOpenAI
) -> None:
    desk.set(base_url=server.url, batch_size=4)
    seen: list[list[str]] = []
    with desk.open() as reader:
        before = quotes(reader, "What did the council open?")
        fingerprint = reader.embedder_fingerprint

        def meanwhile(progress: ReembedProgress) -> None:
            if not seen:
                desk.publish(20)
                with desk.open(writable=True) as writer:
                    writer.remove(next(h.id for h in writer.articles.headers() if h.title == "Report 1"))
            seen.append(quotes(reader, "What did the council open?"))

        report = desk.reembed("openai:tiny", meanwhile)
        assert len(seen) >= 4
        assert all(answer[0] == BEST for answer in [before, *seen])
        assert fingerprint.startswith("multilingual-e5-small")
        # The reader was open all the time; its next search is by the new set.
        asked = len(server.requests)
        assert quotes(reader, "What did the council open?")[0] == BEST
        assert server.requests[asked].body["input"] == ["What did the council open?"]
        reader.search("word " * 5_000)
        assert 2_000 < len(server.requests[-1].body["input"][0]) < 3_000
        assert reader.embedder_fingerprint == "openai-tiny@127.0.0.1-8"
        assert reader.generation == report.generation
        assert reader.doctor()[-1].what == "embedder"
    assert report.passages == 16
    assert desk.broken() == []
    assert "The bridge keeper closed" not in " ".join(desk.ask("site number 20"))
    assert desk.ask("site number 20")[0] == "The council inspected site number 20 on Monday."


def test_a_library_that_was_open_and_not_searched_yet_follows_too(desk: Desk, server: ScriptedOpenAI) -> None:
    desk.set(base_url=server.url)
    with desk.open() as first, desk.open() as second, desk.open() as third:
        desk.reembed("openai:tiny")
        assert quotes(first, "What did the council open?")[0] == BEST
        assert [str(finding) for finding in second.doctor() if not finding.is_well] == []
        assert third.generation == first.generation
        assert third.uuid == first.uuid


def test_many_threads_search_on_while_the_vectors_change(desk: Desk, server: ScriptedOpenAI) -> None:
    desk.set(base_url=server.url)
    answers: list[str] = []
    stop = threading.Event()
    with desk.open() as reader:

        def search() -> None:
            while not stop.is_set():
                answers.append(quotes(reader, "What did the council open?")[0])

        threads = [threading.Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for model in ("openai:tiny", "e5", "openai:tiny"):
                desk.reembed(model)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert answers and set(answers) == {BEST}
    assert desk.broken() == []


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Status(500, "boom"), r"fails \(500\): boom\. Next: try again later$"),
        (Status(429, "Slow"), r"too many requests \(429\)"),
        (Vectors([[0.5] * 8]), "gave 1 vector of tiny for 4 texts"),
        (Vectors([[0.5] * 12] * 4), "gives vectors of 12 numbers for tiny, and gave 8 before"),
        (Vectors([[float("nan")] * 8] * 4), "not finite"),
    ],
)
def test_a_failure_in_the_middle_keeps_what_is_there_and_the_old_set_serving(
    desk: Desk, step: EmbeddingStep, message: str
) -> None:
    works = True

    def behave(request: Request) -> EmbeddingStep:
        done = sum(len(each.body["input"]) for each in server.requests[:-1])
        return None if works or done < 9 else step

    with ScriptedOpenAI(embeddings=behave) as server:
        desk.set(base_url=server.url, batch_size=4)
        works = False
        with pytest.raises(SetupError, match=message):
            desk.reembed("openai:tiny")
        assert desk.broken() == []
        assert desk.ask("What did the council open?")[0] == BEST
        with desk.open() as library:
            (unfinished,) = [str(f) for f in library.doctor() if f.what == "reembed"]
        assert "8 of 16 passages by openai-tiny@127.0.0.1-8; `pullquote reembed` resumes it" in unfinished
        works = True
        before = sent(server)
        report = desk.reembed()
        assert report.embedder == "openai-tiny@127.0.0.1-8"
        assert len(sent(server)) - len(before) == 8
        assert desk.broken() == []
        assert desk.ask("What did the council open?")[0] == BEST


def test_a_model_that_changes_in_the_middle_is_begun_anew(desk: Desk) -> None:
    size = 8

    def behave(request: Request) -> EmbeddingStep:
        return Vectors([np.eye(size)[len(text) % size].tolist() for text in request.body["input"]])

    with ScriptedOpenAI(embeddings=behave) as server:
        desk.set(base_url=server.url, batch_size=4)

        def change(progress: ReembedProgress) -> None:
            nonlocal size
            size = 12

        with pytest.raises(SetupError, match="reembed --embedder openai:tiny"):
            desk.reembed("openai:tiny", change)
        with desk.prepare("openai:tiny") as run:
            dropped = run.plan.dropped
            assert dropped is not None and dropped.embedder.fingerprint == "openai-tiny@127.0.0.1-8"
            assert (run.plan.embedder, run.plan.done) == ("openai-tiny@127.0.0.1-12", 0)
            run.run(lambda _: None)
        assert desk.broken() == []
        assert desk.ask("What did the council open?")[0] == BEST


def test_a_library_whose_server_is_gone_says_so_and_is_not_stuck(desk: Desk) -> None:
    with ScriptedOpenAI() as server:
        desk.set(base_url=server.url)
        desk.reembed("openai:tiny")
    with pytest.raises(SetupError, match="cannot be reached"):
        desk.ask("What did the council open?")
    desk.set(base_url=None)
    with pytest.raises(SetupError, match="The embedder openai:tiny needs a server, and none is configured"):
        desk.ask("What did the council open?")
    with desk.open(writable=True) as library:
        (embedder,) = [str(finding) for finding in library.doctor() if not finding.is_well]
        assert embedder.startswith("broken  embedder: The embedder openai:tiny needs a server")
        library.remove(next(header.id for header in library.articles.headers() if header.title == "Report 7"))
        assert len(library.articles.headers(Filters())) == 7
    desk.reembed("e5")
    assert desk.ask("What did the council open?")[0] == BEST


def test_another_server_of_the_same_model_is_refused(desk: Desk, server: ScriptedOpenAI) -> None:
    desk.set(base_url=server.url)
    desk.reembed("openai:tiny")
    desk.set(base_url=server.url.replace("127.0.0.1", "localhost"))
    with pytest.raises(SetupError) as refused:
        desk.ask("What did the council open?")
    assert str(refused.value) == (
        f"{desk.settings.path / 'library.db'} holds vectors of the embedder openai-tiny@127.0.0.1-8 (8 "
        "dimensions), and openai-tiny@localhost-8 (8) is here: they cannot be compared. Put the former back, "
        "or make new vectors: `pullquote reembed`."
    )


def test_an_export_of_another_model_takes_over_and_back(desk: Desk, tmp_path: Path) -> None:
    export = tmp_path / "export"
    write_export(export)
    with desk.prepare(f"e5:{export}") as run:
        assert (run.plan.tokens, run.plan.is_openai) == (None, False)
        run.run(lambda _: None)
    with desk.open() as library:
        assert library.embedder_fingerprint.startswith("onnx-")
    assert desk.broken() == []
    assert BEST in desk.ask("What did the council open?")
    moved = export.rename(tmp_path / "moved")
    with pytest.raises(SetupError, match="export is no e5 export"):
        desk.ask("What did the council open?")
    desk.set(model=f"e5:{moved}")
    assert BEST in desk.ask("What did the council open?")
    desk.reembed("e5")
    assert desk.ask("What did the council open?")[0] == BEST


def test_a_new_library_is_of_the_embedder_that_is_set(
    desk: Desk, server: ScriptedOpenAI, tmp_path: Path
) -> None:
    desk.set(base_url=server.url, model="openai:tiny")
    desk.settings = desk.settings.model_copy(update={"path": tmp_path / "second"})
    desk.publish(1, 2)
    desk.set(model="e5")
    with desk.open() as library:
        assert library.embedder_fingerprint == "openai-tiny@127.0.0.1-8"
        assert quotes(library, "What did the council open?")[0] == BEST
    assert desk.broken() == []


def test_stopped_between_database_and_index_the_next_search_makes_the_index(
    desk: Desk, server: ScriptedOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.set(base_url=server.url)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ChromaStore, "adopt", stop)
        with pytest.raises(KeyboardInterrupt):
            desk.reembed("openai:tiny")
    assert desk.ask("What did the council open?")[0] == BEST
    assert desk.notices == [
        "Making the vector index again from the library database (its vectors were prepared in another way): "
        "16 passages."
    ]
    assert desk.broken() == []


def test_stopped_while_the_index_is_built_the_old_one_serves_and_nothing_is_left_behind(
    desk: Desk, server: ScriptedOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.set(base_url=server.url)
    folder = desk.settings.path / "chroma"
    build = ChromaStore.build_beside

    def stop(store: ChromaStore, batches: Iterator[object]) -> None:
        build(store, batches)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ChromaStore, "build_beside", stop)
        with pytest.raises(KeyboardInterrupt):
            desk.reembed("openai:tiny")
    assert len(list(folder.glob("chroma-*"))) == 2
    assert desk.broken() == []
    asked = len(server.requests)
    assert desk.ask("What did the council open?")[0] == BEST
    assert len(server.requests) == asked
    desk.reembed()
    assert len(sent(server)) == 16
    assert len(list(folder.glob("chroma-*"))) == 1
    assert (desk.notices, desk.broken()) == ([], [])


def test_taking_over_waits_for_a_writer_and_two_runs_are_refused(
    desk: Desk, server: ScriptedOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.set(base_url=server.url)
    writing = WriterLock(desk.settings.path)
    with desk.prepare("openai:tiny") as run:
        with pytest.raises(LibraryLockedError) as refused, desk.prepare("e5"):
            pass
        assert str(refused.value) == (
            f"Another process is making new vectors for the library in {desk.settings.path}. Run the command "
            "again once it is done; asking questions works meanwhile."
        )
        with monkeypatch.context() as patch:
            patch.setattr(module, "WAIT_SECONDS", 0)
            with writing, pytest.raises(LibraryLockedError) as late:
                run.run(lambda _: None)
        assert str(late.value).startswith(f"Process {os.getpid()} (since ")
        assert str(late.value).endswith(
            "All passages are embedded; run the same command again to put them in place."
        )
        writing.acquire()
        threading.Timer(0.3, writing.release).start()
        assert run.run(lambda _: None).passages == 16
    assert desk.notices == ["Waiting for another process, which is writing to the library."] * 2
    assert len(sent(server)) == 16


def start(desk: Desk, server: ScriptedOpenAI) -> Forked:
    environment = os.environ | {
        "PULLQUOTE_LIBRARY": str(desk.settings.path),
        "PULLQUOTE_EMBEDDER__BASE_URL": server.url,
        "PULLQUOTE_EMBEDDER__BATCH_SIZE": "2",
    }
    return Forked(main, ["reembed", "--embedder", "openai:tiny"], env=environment)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_stopped_in_the_middle_the_same_command_goes_on(
    desk: Desk, number: signal.Signals, code: int
) -> None:
    reached, over = threading.Event(), threading.Event()

    def behave(request: Request) -> EmbeddingStep:
        if not over.is_set() and len(sent(server)) > 6:
            reached.set()
            over.wait(30)
        return None

    with ScriptedOpenAI(embeddings=behave) as server:
        process = start(desk, server)
        assert reached.wait(60)
        process.send_signal(number)
        told = process.stderr.read().decode()
        assert process.wait() == code, told
        assert "Traceback" not in told
        if number != signal.SIGKILL:
            said = (
                "Stopped with 6 of 16 passages embedded and stored; the same command continues from there. "
                "Until then the library is searched as before."
            )
            assert said in told.splitlines()
        over.set()
        assert desk.broken() == []
        assert desk.ask("What did the council open?")[0] == BEST
        asked = len(sent(server))
        again = start(desk, server)
        _, told = again.communicate()
        assert again.returncode == 0, told
        assert told.splitlines()[0].startswith(
            "To be embedded by openai-tiny@127.0.0.1-8: 10 passages (6 of 16 are there from an earlier run)"
        )
        assert len(sent(server)) - asked == 10
        desk.set(base_url=server.url)
        assert desk.broken() == []
        assert desk.ask("What did the council open?")[0] == BEST


def test_a_real_server_end_to_end_and_back(desk: Desk, llama_cpp: RunLlamaCpp) -> None:
    with llama_cpp(embedding=True) as address:
        desk.set(base_url=address, max_retries=2)
        report = desk.reembed(f"openai:{MODEL}")
        assert report.embedder == f"openai-{MODEL}@127.0.0.1-576"
        assert (report.passages, report.tokens > 100) == (16, True)
        assert desk.broken() == []
        with desk.open() as library:
            result = library.search("What did the council open?")
            assert quotes(library, "What did the council open?")[0] == BEST
            assert result.cost.candidates == 16
        desk.publish(30)
        assert desk.ask("Who moved site number 30?")[0] == "The mayor moved site number 30 on Monday."
        with desk.prepare(f"openai:{MODEL}-2") as run:
            assert run.plan.embedder == f"openai-{MODEL}-2@127.0.0.1-576"
    report = desk.reembed("e5")
    assert report.passages == 18
    assert desk.ask("Who moved site number 30?")[0] == "The mayor moved site number 30 on Monday."
    assert desk.broken() == []
