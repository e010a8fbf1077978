"""Many scenarios: resumable, on this machine or on a cluster."""
