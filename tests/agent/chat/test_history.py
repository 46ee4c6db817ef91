from __future__ import annotations

import stat
from pathlib import Path

from prompt_toolkit.history import History

from agent.chat.prompt import InputHistory


def load(history: History) -> list[str]:
    return list(history.load_history_strings())


def test_lines_are_kept_for_the_owner_only_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "data" / "chat_history"
    said: list[str] = []
    history = InputHistory(path, said.append)
    assert load(history) == []
    history.store_string("who said\nwhat?")
    history.store_string("大臣は？")
    history.store_string("x" * 10_001)
    assert load(InputHistory(path, said.append)) == ["大臣は？", "who said\nwhat?"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert said == []


def test_a_damaged_file_costs_only_what_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "chat_history"
    path.write_bytes(b"\x00\xff\xfe garbage\n+\xff\xff\n\n# now\n+what did it cost?\n\n+\x1b[2J\n\n+")
    history = InputHistory(path, lambda line: None)
    assert load(history) == ["what did it cost?"]
    history.store_string("and when?")
    assert load(history)[0] == "and when?"


def test_a_file_that_cannot_be_used_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "chat_history"
    path.mkdir()
    said: list[str] = []
    history = InputHistory(path, said.append)
    assert load(history) == []
    history.store_string("and when?")
    assert said == [f"What you type is not remembered: {path} cannot be used (Is a directory)."]
