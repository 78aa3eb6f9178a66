"""What the markup of a page says: the stage that judges it, with titles, people and dates in files of their own."""
