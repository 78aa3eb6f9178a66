"""Work on rule files: finding, proposing, checking and comparing rules."""
