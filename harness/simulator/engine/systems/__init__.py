"""One system a file: the rows of its kind of entity, what happens to them when things are built, and their tick."""
