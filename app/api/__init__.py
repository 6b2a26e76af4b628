"""Door 1: the REST API. Nothing is decided here: parse, call a use case, answer."""

from app.api.assembly import make_api
from app.api.deps import Clock, Parts, make_parts, today_in_china
from app.api.front import Front

__all__ = ["Clock", "Front", "Parts", "make_api", "make_parts", "today_in_china"]
