"""Door 3: the command line `approval-guide`; one file a group of commands, nothing decided here."""
