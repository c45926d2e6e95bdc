"""How the look's files are served: hashed names, compressed, and one stylesheet instead of forty.

`static/css/app.css` imports one small file per component, which is how it is written and served in development.
`collectstatic` puts the imported files in place of their `@import` lines, so that a page waits for one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/app.css"
IMPORT = re.compile(r'^@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>[\w-]+)\);$', re.MULTILINE)


class AssetStorage(CompressedManifestStaticFilesStorage):
    #: our own modules import one another by their hashed names (other people's files hold imports in comments)
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if BUNDLE in paths and not dry_run:
            self._bundle()
            paths[BUNDLE] = (self, BUNDLE)
        yield from super().post_process(paths, dry_run, **options)

    def _bundle(self) -> None:
        with self.open(BUNDLE) as file:
            listed = file.read().decode()
        bundled = IMPORT.sub(lambda found: self._in_layer(found["path"], found["layer"]), listed)
        self.delete(BUNDLE)
        self._save(BUNDLE, ContentFile(bundled.encode()))

    def _in_layer(self, path: str, layer: str) -> str:
        with self.open(f"css/{path}") as file:
            return f"@layer {layer} {{\n{file.read().decode()}}}"
