"""People's jobs and the screens they do them on."""
