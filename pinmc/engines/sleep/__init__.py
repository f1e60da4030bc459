"""Sleep sets for breadth-first search: steps whose next state another step reaches as well."""
