"""Storage of pictures: the folder MEDIA_ROOT, or a bucket of Amazon S3 or a compatible service."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shop import config


def storage(media_url: str) -> dict[str, Any]:
    """Read MEDIA_S3_BUCKET and MEDIA_S3_ENDPOINT; return the default entry of Django's STORAGES.

    :param media_url: the setting MEDIA_URL; with a bucket, the address at which all may read its files.
    :raises ImproperlyConfigured: if a value is wrong, or the packages for S3 are missing.
    """
    name = config.matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "write the name of a bucket, such as my-shop")
    bucket = config.optional("MEDIA_S3_BUCKET", name, "")
    endpoint = config.optional("MEDIA_S3_ENDPOINT", config.http_url, "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if "://" not in media_url:
        raise ImproperlyConfigured(
            "MEDIA_URL: write the address at which all may read the files of MEDIA_S3_BUCKET, "
            "such as https://cdn.example.org/"
        )
    try:
        # Imported only if needed: it takes about 30 MB.
        import storages.backends.s3  # noqa: F401 - a missing package must fail at the start, not at the first picture
        from botocore.config import Config
    except (ImportError, ImproperlyConfigured):  # storages says the latter of boto3
        raise ImproperlyConfigured(
            "MEDIA_S3_BUCKET: needs the packages of `pip install -r requirements-s3.txt`"
        ) from None
    scheme, address = media_url.rstrip("/").split("//", 1)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        # Keys and region are in AWS_… variables, which the packages read themselves.
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "url_protocol": scheme,
            "custom_domain": address,
            # As nginx does for the folder: the picture of a path that was entered by hand may change.
            "object_parameters": {"CacheControl": "public, max-age=3600"},
            "client_config": Config(
                # The defaults are one minute each, and five attempts: too long for a request in the admin.
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 2},
                s3={"addressing_style": "path" if endpoint else "auto"},
                # Not all compatible services support Amazon's newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
