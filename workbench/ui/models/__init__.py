"""Qt models over the session's values: rows come in, pixels are somebody else's."""
