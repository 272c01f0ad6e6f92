"""The shop's CSS, scripts and drawings, under names that change with their contents."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

OWN_SCRIPTS = re.compile(r"storefront/(?!vendor/).+\.js")
# Lines that are nothing but a comment, most of them types: a fifth of what the first visit loads.
COMMENTS = re.compile(rb"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Hashed names also in what ES modules import from each other, so that browsers may keep them for ever."""

    support_js_module_import_aggregation = True
    # A name changes with those of the modules that the file imports: it takes passes to get from the bottom to main.js.
    max_post_process_passes = 20

    def _save(self, name: str, content: "File[Any]") -> str:
        """Store a file; our own scripts without their comments."""
        if OWN_SCRIPTS.fullmatch(name):
            content = ContentFile(COMMENTS.sub(b"", b"".join(content.chunks())))
        saved: str = super()._save(name, content)
        return saved

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        """Make the hashed files of the stored ones: Django's own would read the sources again."""
        yield from super().post_process({name: (self, name) for name in paths}, **options)
