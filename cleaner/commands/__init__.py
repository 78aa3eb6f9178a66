"""Commands of the command line beside those of `cleaner.cli`: one file for each thing they are about."""
