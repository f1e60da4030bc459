"""Every combination of a specification's choices, explored, kept, and merged where they agree."""
