"""Small models whose weights come with the wheel, and the commands that train them."""
