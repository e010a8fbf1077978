"""The instance sets, one file each."""
