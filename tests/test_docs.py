"""Documentation that can rot is generated; here it is compared with what the code gives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def test_generated_documentation_is_what_the_code_gives() -> None:
    environment = {**os.environ, "PULLQUOTE_HOME": ""}
    ran = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, ""), f"run `make docs`:\n{ran.stdout}{ran.stderr}"


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert len(documents) > 5
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in LINK.findall(document.read_text("utf-8"))
        if not (document.parent / target).exists()
    ]
    assert broken == []


def test_the_tour_names_only_what_is_there() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text("utf-8")
    named = set(re.findall(r"`((?:agent|bench|eval|prompts|vectorstore)/[^`]*)`", tour))
    assert len(named) > 50
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
