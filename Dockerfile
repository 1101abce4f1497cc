# Muster in a container: no root, nothing written but to /data, everything installed by hash.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/muster
COPY requirements.lock ./
RUN /opt/muster/bin/python -m pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
RUN /opt/muster/bin/python -m pip install --quiet --no-deps --no-build-isolation . \
 && /opt/muster/bin/python -m compileall -q /opt/muster/lib

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Muster" \
      org.opencontainers.image.description="Slack incident bot" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin muster \
 && install -d -o muster -g muster -m 0750 /data
COPY --from=build /opt/muster /opt/muster
ENV PATH=/opt/muster/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MUSTER_CONFIG=/etc/muster/muster.yaml \
    MUSTER_DATABASE_URL=sqlite+aiosqlite:////data/muster.db
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/livez', timeout=2)"]
ENTRYPOINT ["muster"]
CMD ["run", "--host", "0.0.0.0", "--port", "8080"]
