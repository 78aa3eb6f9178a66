"""Other people's columns, tables, frames and pipelines: each cleans where its data lies."""
