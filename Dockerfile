# approval-path-guide as an image: `docker build -t approval-path-guide .`
# The steps are the commands that `make setup` runs (tests/test_image.py holds them to it), so what works there works here.

FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/approval-guide
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# The dependencies first: this layer is made again only when the lock changes.
COPY requirements.txt ./
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install -qq --require-hashes -r requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY migrations ./migrations
COPY rules ./rules
RUN .venv/bin/python -m pip install -qq --no-index --no-deps --no-build-isolation -e . \
    && .venv/bin/python -m compileall -q app migrations \
    && .venv/bin/approval-guide rules check --no-prove


FROM python:3.11-slim-bookworm
WORKDIR /srv/approval-guide

# No name, no password, no shell; var/ is all it may write to.
RUN groupadd --system --gid 10001 guide \
    && useradd --system --uid 10001 --gid guide --no-create-home --shell /usr/sbin/nologin guide \
    && install --directory --owner=guide --group=guide --mode=0750 var
COPY --from=build /srv/approval-guide ./

ENV PATH=/srv/approval-guide/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    APG_HOST=0.0.0.0 \
    APG_PORT=8000
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 8000
VOLUME ["/srv/approval-guide/var"]

# Whether the process answers; a database that is away is told by /readyz and is no reason to start again. Asked directly,
# for Docker hands the machine's proxy on to containers, and that one knows nothing of our 127.0.0.1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['APG_PORT']), timeout=2); c.request('GET', '/livez'); sys.exit(c.getresponse().status != 200)"]

# Migrations, then serve. Questions are answered without a database too, so one that is away does not keep us from
# starting; `approval-guide db upgrade` is then run once it is back, and /readyz says whether that is due.
CMD ["sh", "-c", "approval-guide db upgrade; exec approval-guide serve"]
