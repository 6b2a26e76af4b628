"""The rulebook's entries as wire records, in the caller's language; nothing is decided here."""
