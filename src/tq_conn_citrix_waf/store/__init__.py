"""What outlives a run: files, the lock, the list that was accepted last."""
