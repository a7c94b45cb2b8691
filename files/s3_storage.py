"""The storage "files-s3": a bucket of a service that speaks S3. Its errors are OSErrors."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from .places import StoreAway

CONNECTING, READING = 5, 20  # seconds
AT_ONCE = 2  # parts of one file; none of them is held in memory


def _checked(function: Callable) -> Callable:
    @wraps(function)
    def call(*args, **named):
        try:
            return function(*args, **named)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                raise FileNotFoundError(str(error)) from error
            raise StoreAway(str(error)) from error
        except (BotoCoreError, Boto3Error) as error:
            raise StoreAway(str(error)) from error

    return call


class S3Files(S3Storage):
    def __init__(self, **_options) -> None:
        super().__init__(
            bucket_name=settings.FILES_S3_BUCKET,
            endpoint_url=settings.FILES_S3_ENDPOINT,
            region_name=settings.FILES_S3_REGION,
            access_key=settings.FILES_S3_KEY or None,
            secret_key=settings.FILES_S3_SECRET or None,
            default_acl=None,
            max_memory_size=2**20,
            transfer_config=TransferConfig(max_concurrency=AT_ONCE),
            client_config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=CONNECTING,
                read_timeout=READING,
                retries={"mode": "standard", "total_max_attempts": 3},
                # Not all services besides Amazon's support the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @_checked
    def put_file(self, source: Path, name: str) -> None:
        """Upload a file from the disk, in parts when it is large."""
        self.bucket.upload_file(str(source), name, Config=self.transfer_config)

    @_checked
    def get_file(self, name: str, target: Path) -> None:
        self.bucket.download_file(name, str(target), Config=self.transfer_config)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """All names, with when they were written."""
        try:
            for each in self.bucket.objects.all():
                yield each.key, each.last_modified
        except (ClientError, BotoCoreError) as error:
            raise StoreAway(str(error)) from error

    @_checked
    def link(self, name: str, seconds: int, method: str, **answer: str) -> str:
        """A URL at which anybody can read the file for so long. answer: headers of the service's response."""
        return self.url(name, parameters=answer, expire=seconds, http_method=method)

    @_checked
    def _open(self, name: str, mode: str = "rb") -> Any:
        return super()._open(name, mode)

    @_checked
    def delete(self, name: str) -> None:
        super().delete(name)

    @_checked
    def exists(self, name: str) -> bool:
        return super().exists(name)

    @_checked
    def size(self, name: str) -> int:
        return super().size(name)
