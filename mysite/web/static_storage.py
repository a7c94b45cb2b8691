"""Static files with a hash of their content in their name, so that browsers keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    # Names inside `import … from "./x.js"` are hashed too; without it a new main.js would load old modules.
    support_js_module_import_aggregation = True
