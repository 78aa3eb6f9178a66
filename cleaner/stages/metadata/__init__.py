"""Title, people and dates: the stage, and the weighing of what several places say."""
