"""One module per subject over SQLAlchemy Core."""
