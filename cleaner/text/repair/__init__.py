"""Repair of the letters of a text: pure functions from lines to what they should read, each change under its rule.

`steps` has the order of the steps and runs them (`mend_lines`).  `misread` undoes wrong encodings; `typography` undoes
escapes, odd spaces and doubled apostrophes; `lost_marks` puts back quotes and dashes that became U+FFFD, by the
`habits` of the text.
"""
