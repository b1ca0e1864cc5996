"""Thirty days of believable history, written into the demo's own database and log folder."""
