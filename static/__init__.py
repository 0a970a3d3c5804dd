"""The dashboard's files, as they are served: page, styles, scripts and vendored libraries."""

from pathlib import Path
from typing import Final

STATIC_ROOT: Final[Path] = Path(__file__).resolve().parent
