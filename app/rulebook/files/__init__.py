"""The models of the rulebook's files, one module a kind of file; JSON Schemas are made from them."""
