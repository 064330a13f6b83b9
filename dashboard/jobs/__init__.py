"""What people get done; nothing here knows of a screen."""
