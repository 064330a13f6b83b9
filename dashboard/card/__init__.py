"""The review card: a browser component that shows posts as plain text."""
