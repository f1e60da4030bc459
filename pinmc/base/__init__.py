"""Source positions, diagnostics and limits: what every layer above may use."""
