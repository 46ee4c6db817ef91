"""Judges: models that grade whether citations support statements, held against people before they gate."""
