"""structlog, loaded without rich: the one way to it.

Where it finds rich it loads it, and with it pygments and attrs, for coloured tracebacks that our log never has: a
twentieth of all that a process does until it is ready.
"""

import sys
from typing import Final

_RICH: Final = "rich"
_is_loaded = _RICH in sys.modules
if not _is_loaded:
    # What stands here as None is not found by whoever imports it.
    sys.modules[_RICH] = None  # type: ignore[assignment]
try:
    import structlog
    from structlog.typing import EventDict, FilteringBoundLogger
finally:
    if not _is_loaded:
        del sys.modules[_RICH]

__all__ = ["EventDict", "FilteringBoundLogger", "structlog"]
