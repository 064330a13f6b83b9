"""`python -m evenhand.dashboard` is the `evenhand` command."""

from evenhand.dashboard.cli import main

if __name__ == "__main__":
    main()
