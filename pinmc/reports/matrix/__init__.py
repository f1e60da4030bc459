"""The design matrix as a table: for people, for a document, for programs, for a browser."""
