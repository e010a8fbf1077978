"""Joint plans for talent programmes, with a proven bound."""
