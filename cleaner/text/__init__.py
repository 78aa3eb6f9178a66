"""What a line of text is: its shape, dates, names, encoding, repair; nothing here knows a document."""
