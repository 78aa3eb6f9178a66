"""Small models whose weights come with the wheel."""
