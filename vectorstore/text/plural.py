"""Counts in words."""


def plural(count: int, thing: str) -> str:
    """Return `1 passage`, `2 passages`, `12,000 passages`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
