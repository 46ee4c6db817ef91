"""Published data sets as articles and cases; a module a set."""
