"""`cleaner rules`: see, check, write and compare rules."""

import click


@click.group()
def rules() -> None:
    """See, check, write and compare rules."""
