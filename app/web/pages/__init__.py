"""The pages, one module each: read the address, call a use case, fill the view record that stands beside it."""
