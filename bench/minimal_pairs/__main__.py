"""How well the checks tell a true statement from one with a single thing changed.

    python -m bench.minimal_pairs --data FOLDER

Pairs are made by rule from the translated news of NTREX, the same every time. Beside the checks stand two
matchers that other projects ship, rewritten from their description.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.settings.paths import DATA_VARIABLE
from bench.minimal_pairs.report import report


def main(
    data: Annotated[
        Path,
        typer.Option(
            "--data", envvar=DATA_VARIABLE, help="Folder of the evaluation data; README says where to get it."
        ),
    ],
    each: Annotated[int, typer.Option("--each", min=1, help="Most pairs an edit and language.")] = 60,
    fuzzy: Annotated[
        int, typer.Option("--fuzzy", min=0, help="Pairs a row on which LangChain's rule is tried.")
    ] = 40,
) -> None:
    """Print the tables."""
    for line in report(data, each, fuzzy):
        typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
