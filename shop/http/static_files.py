"""The shop's CSS, scripts and drawings, under names that change with their contents."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Hashed names also in what ES modules import from each other, so that browsers may keep them for ever."""

    support_js_module_import_aggregation = True
