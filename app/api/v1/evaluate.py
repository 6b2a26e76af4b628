"""`/v1/evaluate` as FastAPI documents it; what answers it is `app/api/evaluating.py`."""

from typing import Annotated, Any

from fastapi import Query

from app.api.direct import DirectRoute
from app.api.documented import answers
from app.api.evaluating import EVALUATE, Evaluate
from app.api.schemas.guide import Guide
from app.api.schemas.requests import EvaluateBody, Language
from app.errors import ProblemCode


def evaluate_routes(answering: Evaluate) -> list[DirectRoute]:
    """Return the two routes, documented."""
    shared: dict[str, Any] = {"answering": answering, "response_model": Guide, "tags": ["evaluate"]}
    problems = (ProblemCode.INVALID_FACT, ProblemCode.AS_OF_OUT_OF_RANGE, ProblemCode.UNKNOWN_TOPIC)
    sent = (ProblemCode.PAYLOAD_TOO_LARGE, ProblemCode.UNSUPPORTED_MEDIA_TYPE)
    return [
        DirectRoute(
            EVALUATE,
            post_evaluate,
            methods=["POST"],
            responses=answers(*problems, ProblemCode.UNKNOWN_RELEASE, *sent),
            **shared,
        ),
        DirectRoute(
            EVALUATE,
            get_evaluate,
            methods=["GET"],
            responses=answers(*problems, ProblemCode.UNKNOWN_RELEASE),
            **shared,
        ),
    ]


async def post_evaluate(body: EvaluateBody) -> None:
    """Say what a company must really do in this scenario on that day, with every reason and clause.

    Facts may be partial or empty: the guide then says what is decided already and which question comes next. The same
    request under the same release gives the same bytes. No login, no personal data.
    """


async def get_evaluate(
    topic: Annotated[str, Query(description="Code of the topic.")],
    as_of: Annotated[str | None, Query(description="The day whose law is asked for; today in China.")] = None,
    lang: Language = None,
    release: Annotated[str | None, Query(description="Version or content hash of a release.")] = None,
) -> None:
    """The same as a link: every other name of the query is a fact.

    Choices repeat the name, `name=` is none of these, booleans are `true` or `false`. A single-valued fact given twice
    is a fault. Given `as_of`, `release` and `lang`, the answer may be kept for a day.
    """
