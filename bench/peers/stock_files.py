"""Files in plain Django, as its documentation has it: a form's file is saved by the storage that a FileField uses, and
is sent by FileResponse. No sign-in, no rights, no row, no digest.

FILES_FOLDER=… uvicorn bench.peers.stock_files:application
"""

import os

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.files.storage import default_storage
from django.http import FileResponse, JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="measured",  # noqa: S106 - nothing is signed
    MEDIA_ROOT=os.environ["FILES_FOLDER"],
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
)
django.setup()


def upload(request):
    return JsonResponse({"url": f"/files/{default_storage.save('file', request.FILES['file'])}"})


def download(_request, name: str):
    return FileResponse(default_storage.open(name))


urlpatterns = [path("upload", upload), path("files/<str:name>", download)]
application = get_asgi_application()
