"""Door 1: the REST API. Nothing is decided here: parse, call a use case, answer."""

from app.api.assembly import make_api
from app.api.front import Front
from app.api.parts import Clock, Parts, make_parts, today_in_china
from app.api.problems import as_app_error, headers_of, request_id, send_problem, status_of

__all__ = [
    "Clock",
    "Front",
    "Parts",
    "as_app_error",
    "headers_of",
    "make_api",
    "make_parts",
    "request_id",
    "send_problem",
    "status_of",
    "today_in_china",
]
