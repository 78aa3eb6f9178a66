"""One page of HTML as the lines that it shows and the facts that its markup states."""
