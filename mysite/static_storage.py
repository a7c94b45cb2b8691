from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Files with a hash in their name, compressed. Modules import each other by hashed names too, so that a browser
    never runs an old one beside a new one."""

    support_js_module_import_aggregation = True
