# One image for all parts: `serve` runs everything, `serve --only web|bot|jobs` one of them (see docker-compose.yml).
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    HOST=0.0.0.0 PORT=8000 DATA_DIR=/data

RUN useradd --system --uid 10001 --home-dir /data roundtable \
    && install -d -o roundtable -g roundtable -m 0700 /data
WORKDIR /app

# Before the code, so that an edit of it does not install everything anew.
COPY requirements.txt .
RUN sed -e '/^# tests$/,/^$/d' -e '/^# runserver,/,/^$/d' requirements.txt > /tmp/requirements.txt \
    && pip install --disable-pip-version-check -r /tmp/requirements.txt

COPY . .
RUN python -m compileall -q .

USER roundtable
VOLUME /data
EXPOSE 8000

# /livez, not /readyz: some orchestrators replace what is unhealthy, which helps nobody while the database is away.
# 127.0.0.1 inside the container, whatever names the site has outside.
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/livez' % os.environ['PORT'], timeout=3)"]

ENTRYPOINT ["python", "manage.py"]
CMD ["serve"]
