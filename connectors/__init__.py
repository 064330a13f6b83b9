"""The outside world, turned into pages of pseudonymous posts."""
