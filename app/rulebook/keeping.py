"""Loads a rulebook and keeps it, as a program of its own: `python -m app.rulebook.keeping FOLDER STORE NAME`."""

import sys
from pathlib import Path

from app.rulebook.kept import load_here

if __name__ == "__main__":
    load_here(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
