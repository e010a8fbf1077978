"""The competitors, one file each."""
