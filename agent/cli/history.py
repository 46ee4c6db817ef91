"""Commands on what has been asked: `verify`, `receipts`, `sessions`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from agent.cli.options import JsonOption, open_library, read_settings
from agent.terminal.output import print_notice, print_text

CHANGED = 1


def verify(
    receipt: Annotated[
        str,
        typer.Argument(
            metavar="RECEIPT|last",
            help="A receipt's id or its beginning, a file from `receipts --show ID --json`, or `last`.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Say whether the citations of an answer are still valid; exit with 1 when something has changed."""
    from agent.answer.receipts import find_receipt
    from agent.answer.verification import verify as verify_receipt
    from agent.render.receipts import render_verification

    with open_library(read_settings()) as opened:
        found = verify_receipt(opened, find_receipt(opened, receipt))
    if as_json:
        print(found.model_dump_json(indent=2))
    else:
        print_text(render_verification(found))
    if not found.all_valid:
        raise typer.Exit(CHANGED)


def receipts(
    show: Annotated[
        str | None, typer.Option("--show", metavar="RECEIPT|last", help="All about one answer.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=100_000, help="How many.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List what was asked, what came of it, and what it took in tokens, cost and time; newest first."""
    from agent.answer.receipts import find_receipt, list_receipts
    from agent.render.receipts import render_receipt, render_summaries

    with open_library(read_settings()) as opened:
        if show is not None:
            receipt = find_receipt(opened, show)
            if as_json:
                print(receipt.model_dump_json(indent=2))
            else:
                print_text(render_receipt(receipt))
            return
        listed = list_receipts(opened, limit)
    if as_json:
        print(json.dumps([row.model_dump(mode="json") for row in listed], indent=2, ensure_ascii=False))
        return
    print_text(render_summaries(listed))
    if not listed:
        print_notice('No receipts. Ask something: pullquote ask "…"')


def sessions(
    remove: Annotated[
        str | None, typer.Option("--remove", metavar="NAME", help="Forget this session; receipts stay.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the sessions that `ask --session NAME` can continue, the last used first."""
    from agent.render.receipts import render_sessions
    from agent.sessions.sessions import remove_session

    with open_library(read_settings()) as opened:
        if remove is not None:
            remove_session(opened, remove)
            print_notice(f"removed {remove}")
            return
        headers = opened.sessions.headers()
    if as_json:
        rows = [
            {
                "name": header.id,
                "created": header.created.isoformat(),
                "updated": header.updated.isoformat(),
                "questions": header.turns,
                "last_question": header.last_asked,
            }
            for header in headers
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    print_text(render_sessions(headers))
    if not headers:
        print_notice('No sessions. Begin one: pullquote ask --session NAME "…"')
