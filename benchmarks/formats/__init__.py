"""How instances are read and answers checked, one file per format."""
