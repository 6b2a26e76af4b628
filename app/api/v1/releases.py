"""`/v1/releases`: what was published and what is active; publishing, activating and taking back, with a key.

Bodies are read here, after the key was looked at, so that strangers cannot make it read much.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Query, Request, Security
from pydantic import BaseModel
from starlette.responses import Response

from app.api.bodies import UnsupportedMediaType, escaped, expect_json, expected, read_body, read_json
from app.api.deps import parts_of, reading_router
from app.api.documented import answers
from app.api.exchange import header
from app.api.faults import unknown_field
from app.api.keys import KEY_PROBLEMS, caller_with
from app.api.parts import Parts
from app.api.schemas.releases import (
    ActivateBody,
    PublishBody,
    PublishQuery,
    Release,
    ReleaseList,
    RollBackBody,
    TakenBack,
)
from app.api.schemas.requests import InLanguage
from app.api.views.releases import release_list, release_view, taken_back
from app.clients import Caller, Scope
from app.errors import Fault, InvalidRequest, ProblemCode
from app.releases import (
    Published,
    Standing,
    activate,
    as_texts,
    examine_apart,
    files_of_mapping,
    files_of_zip,
    find_same,
    find_standing,
    make_ready,
    make_ready_before,
    publish,
    releases,
    roll_back,
    withdraw,
)

router = reading_router("releases")

_ZIP: Final = "application/zip"
_ZIP_KINDS: Final = (_ZIP, "application/x-zip-compressed")
_REFERENCE: Final = "#/components/schemas/{model}"
_READING: Final = (ProblemCode.STORAGE_UNAVAILABLE,)
_SENT: Final = (ProblemCode.PAYLOAD_TOO_LARGE, ProblemCode.UNSUPPORTED_MEDIA_TYPE)

Publisher = Annotated[Caller, Security(caller_with(Scope.RULES_PUBLISH))]
Activator = Annotated[Caller, Security(caller_with(Scope.RULES_ACTIVATE))]


@router.get("/releases", response_model=ReleaseList, responses=answers(*_READING))
async def list_releases(asked: Annotated[InLanguage, Query()], request: Request) -> Response:
    """Every release 规则版本, newest first, with how it stands; and what this server answers from."""
    parts = parts_of(request)
    async with parts.database.reading() as session:
        found = await releases(session, datetime.now(UTC))
    return _answer(release_list(found, parts.editions))


@router.get("/releases/{version}", response_model=Release, responses=answers(ProblemCode.UNKNOWN_RELEASE, *_READING))
async def get_release(version: str, asked: Annotated[InLanguage, Query()], request: Request) -> Response:
    """One release by its version or content hash: its history, and the certificate of what was proved of it."""
    async with parts_of(request).database.reading() as session:
        found = await find_standing(session, version, datetime.now(UTC))
    return _answer(release_view(found))


def _takes(model: type[BaseModel], *, required: bool, **others: Any) -> dict[str, Any]:
    """What the document says of a body that is read here."""
    schema = model.model_json_schema(ref_template=_REFERENCE)
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}, **others}}}


@router.post(
    "/releases",
    status_code=201,
    response_model=Release,
    responses={
        200: {"model": Release, "description": "The same rules were published before: that release."},
        **answers(*_SENT, ProblemCode.INVALID_RULEBOOK, ProblemCode.STALE_RELEASE, *KEY_PROBLEMS),
    },
    openapi_extra=_takes(
        PublishBody, required=True, **{_ZIP: {"schema": {"type": "string", "contentEncoding": "binary"}}}
    ),
)
async def publish_release(asked: Annotated[PublishQuery, Query()], request: Request, caller: Publisher) -> Response:
    """Publish a rulebook: a zip of its folder, or JSON of its files. Takes up to a minute.

    It is checked, its examples are run and it is proved; with any finding it is refused, and every finding told. It is
    not served before it is activated. The same rules sent again give the same release.
    """
    parts = parts_of(request)
    files, notes, base = await _sent_rulebook(request, parts, asked)
    now = datetime.now(UTC)
    async with parts.database.reading() as session:
        same = await find_same(session, files)
    if same is None:
        async with parts.publishing:
            examined = await examine_apart(files, now)
        async with parts.database.writing() as session:
            now = datetime.now(UTC)
            done = await publish(session, examined, notes=notes, base=base, actor=caller.actor, now=now)
    else:
        done = Published(same, is_new=False)
    version = done.release.version
    return _answer(
        release_view(await _standing(parts, version)), 201 if done.is_new else 200, f"/v1/releases/{version}"
    )


@router.post(
    "/releases/{version}/activate",
    response_model=Release,
    responses=answers(ProblemCode.UNKNOWN_RELEASE, ProblemCode.STALE_RELEASE, *_SENT, *KEY_PROBLEMS),
    openapi_extra=_takes(ActivateBody, required=False),
)
async def activate_release(version: str, request: Request, caller: Activator) -> Response:
    """Serve a release, at once or from a moment on; every server follows within five seconds.

    A 409 where it was made from another release than is active then: look at what changed since, and name the active
    one in `replaces`. With the two-person rule a 403 for the client that published it.
    """
    parts = parts_of(request)
    given = await _fields(request, parts, ("at", "replaces"))
    at = _moment(given.get("at"))
    ready = await make_ready(parts.database, version, parts.settings.state_dir)
    async with parts.database.writing() as session:
        step = await activate(
            session,
            version,
            actor=caller.actor,
            now=datetime.now(UTC),
            at=at,
            replaces=given.get("replaces"),
            two_persons=parts.settings.two_person_rule,
            ready=ready,
        )
    return _answer(release_view(await _standing(parts, step.version)))


@router.post(
    "/releases/{version}/withdraw",
    response_model=Release,
    responses=answers(ProblemCode.UNKNOWN_RELEASE, ProblemCode.STALE_RELEASE, *KEY_PROBLEMS),
)
async def withdraw_release(version: str, request: Request, caller: Activator) -> Response:
    """Take back what was set for later, before it is active; a 409 where nothing is."""
    parts = parts_of(request)
    async with parts.database.writing() as session:
        step = await withdraw(session, version, actor=caller.actor, now=datetime.now(UTC))
    return _answer(release_view(await _standing(parts, step.version)))


@router.post(
    "/releases/rollback",
    response_model=TakenBack,
    responses=answers(ProblemCode.STALE_RELEASE, *_SENT, *KEY_PROBLEMS),
    openapi_extra=_takes(RollBackBody, required=False),
)
async def roll_back_release(request: Request, caller: Activator) -> Response:
    """Serve the release again that was active before; what was set for later is withdrawn.

    Name the release to take back in `active`, so that two who act at once go back one release and not two.
    """
    parts = parts_of(request)
    given = await _fields(request, parts, ("active",))
    ready = await make_ready_before(parts.database, parts.settings.state_dir, datetime.now(UTC))
    async with parts.database.writing() as session:
        now = datetime.now(UTC)
        done = await roll_back(session, actor=caller.actor, now=now, active=given.get("active"), ready=ready)
    return _answer(taken_back(done, await _standing(parts, done.step.version)))


# ---- reading and answering ----------------------------------------------------------------------------------


async def _standing(parts: Parts, version: str) -> Standing:
    async with parts.database.reading() as session:
        return await find_standing(session, version, datetime.now(UTC))


async def _sent_rulebook(
    request: Request, parts: Parts, asked: PublishQuery
) -> tuple[Mapping[str, str], str, str | None]:
    """The files that were sent, the notes, and the release they were made from.

    Raises: InvalidRequest · PayloadTooLarge · UnsupportedMediaType · RulebookError for files that are no text.
    """
    most = parts.settings.max_rulebook_bytes
    kind = header(request.scope, b"content-type").partition(";")[0].strip().lower()
    if kind in _ZIP_KINDS:
        body = await read_body(request.scope, request.receive, most)
        return as_texts(files_of_zip(body, most)), asked.notes or "", asked.base
    if kind and "json" not in kind:
        raise UnsupportedMediaType(kind[:100], f"application/json, {_ZIP}")
    expect_json(request.scope)
    content = read_json(await read_body(request.scope, request.receive, most))
    if not isinstance(content, dict):
        raise InvalidRequest([expected("", "the body", "object")])
    faults = _faults_of(content, ("files", "notes", "base"), texts=("notes", "base"))
    if not isinstance(content.get("files"), dict):
        faults.append(expected("/files", "files", "files"))
    if faults:
        raise InvalidRequest(faults)
    return as_texts(files_of_mapping(content["files"])), content.get("notes") or "", content.get("base")


async def _fields(request: Request, parts: Parts, names: tuple[str, ...]) -> Mapping[str, str | None]:
    """The fields of a small body, which may be left out.

    Raises: InvalidRequest with every fault of it.
    """
    body = await read_body(request.scope, request.receive, parts.settings.max_body_bytes)
    if not body.strip():
        return {}
    expect_json(request.scope)
    content = read_json(body)
    if not isinstance(content, dict):
        raise InvalidRequest([expected("", "the body", "object")])
    faults = _faults_of(content, names, texts=names)
    if faults:
        raise InvalidRequest(faults)
    return content


def _faults_of(content: Mapping[str, object], names: tuple[str, ...], *, texts: tuple[str, ...]) -> list[Fault]:
    faults = [unknown_field(f"/{escaped(name)}", name, names) for name in content if name not in names]
    wrong = [name for name in texts if not isinstance(content.get(name), str | None)]
    return [*faults, *(expected(f"/{name}", name, "string") for name in wrong)]


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidRequest([expected("/at", "at", "moment")])
    return moment.astimezone(UTC)


def _answer(said: BaseModel, status: int = 200, location: str | None = None) -> Response:
    """The answer as it is just now; never kept, for the next moment may change it."""
    headers = {"Cache-Control": "no-store"} | ({"Location": location} if location else {})
    return Response(said.model_dump_json(), status, headers, media_type="application/json")
