# One image for the web server (default command), the worker and manage.py. docs/deployment.md describes how to run it.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/botshop
RUN python -m venv .venv
ENV PATH=/srv/botshop/.venv/bin:$PATH
COPY requirements.txt requirements-s3.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-s3.txt
COPY . .
# With production settings, because the names of the static files depend on them; none of the values is in the image. Python
# files are compiled now, because the root file system may be read-only at run time.
RUN DEBUG=off SECRET_KEY=of-the-build-alone-00000000000000000000000000000000000 ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgresql://localhost/none TELEGRAM_BOT_TOKEN=1000000001:of-the-build-alone-000 MANAGER_CHAT_ID=1 \
    python manage.py collectstatic --noinput \
    && python -m compileall -q .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /srv/botshop --shell /usr/sbin/nologin botshop
WORKDIR /srv/botshop
COPY --from=build /srv/botshop ./
# A new volume for pictures is created from this folder, with its owner.
RUN install -d -o 10001 -g 10001 media
ENV PATH=/srv/botshop/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-m", "shop.runtime.probe"]
# Reachable only from the container's network: the proxy in front serves the web.
CMD ["python", "-m", "shop.serve", "--bind", "0.0.0.0:8000"]
