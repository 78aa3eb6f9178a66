"""Commands that train the models anew from pages with known answers."""
