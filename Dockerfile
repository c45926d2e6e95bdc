# SME Hub: one image, whose command decides which process it is. See docker-compose.yml.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATE_DIR=/srv/state \
    MEDIA_ROOT=/srv/media \
    STATIC_ROOT=/srv/static

WORKDIR /srv/smehub
RUN useradd --system --no-create-home --home-dir /srv/state smehub \
    && install -d -o smehub -g smehub /srv/state /srv/media /srv/static

COPY requirements/ requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && uv pip sync --system --no-cache --require-hashes --compile-bytecode requirements/run.txt \
    && pip uninstall --yes uv

COPY . .
# Neither command opens a connection; the real key comes with the environment of the container.
RUN SECRET_KEY=only-for-building python manage.py compile_words \
    && SECRET_KEY=only-for-building python manage.py collectstatic --no-input -v 0

USER smehub
EXPOSE 8000
CMD ["gunicorn", "sme_hub.wsgi", "--bind", "0.0.0.0:8000", "-k", "gthread", "-w", "2", "--threads", "4", \
     "--timeout", "60", "--graceful-timeout", "10", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", \
     "--access-logfile", "-"]
