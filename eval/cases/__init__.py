"""Draft cases, of answers that readers disliked or saved, and of articles; a person confirms each.

Importing this package loads nothing: its commands are part of every `pullquote --help`.
"""
