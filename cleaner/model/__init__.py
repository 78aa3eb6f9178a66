"""The line model: features of lines, trees that judge them, and how they are trained."""
