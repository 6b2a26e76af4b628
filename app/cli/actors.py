"""Who sits at the command line."""

import os
import pwd

from app.audit import Actor


def local_actor() -> Actor:
    """Return the user this process runs as, by the system's own account and no variable that anybody can set."""
    number = os.getuid()
    try:
        return Actor.operator(pwd.getpwuid(number).pw_name)
    except KeyError:  # in a container without a line for this user
        return Actor.operator(f"uid-{number}")
