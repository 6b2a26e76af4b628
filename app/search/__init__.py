"""The hotline search: topics, procedures, rules and clauses by name, text and everyday words."""

from app.search.index import Found, SearchIndex

__all__ = ["Found", "SearchIndex"]
