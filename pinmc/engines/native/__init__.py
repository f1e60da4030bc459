"""The native engine: a System becomes C, a child process explores it."""
