"""What makes, checks and renews the tree; no part of either program."""
