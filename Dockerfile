# One image for every process: `amparo api PART`, `amparo worker PART`, `amparo migrate`.
# The engines are not in it: production brings its own PostgreSQL and NATS.

FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/amparo
WORKDIR /source
COPY requirements/production.txt requirements/
RUN /opt/amparo/bin/pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY pyproject.toml LICENSE README.md ./
COPY services services
COPY gateway gateway
COPY deploy deploy
RUN /opt/amparo/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin amparo
COPY --from=build /opt/amparo /opt/amparo
ENV PATH=/opt/amparo/bin:$PATH PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2
USER amparo
WORKDIR /tmp
EXPOSE 8000
ENTRYPOINT ["amparo"]
CMD ["--help"]
