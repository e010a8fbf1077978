"""A first plan within seconds, then improvement by rebuilding small groups."""
