"""Which user of the system runs PostgreSQL, and what that user may then enter.

PostgreSQL refuses to run as root. Then it runs as the system user `postgres` or, without one, as
`nobody`; whoever owns its data runs it from then on.
"""

import os
import pwd
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.problems import EngineFailed
from deploy.processes import SystemUser


def user_for(data: Path) -> SystemUser | None:
    """The user to run as, or None for ourselves. Raises EngineFailed."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        owner = data.stat()
        return SystemUser(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
            return SystemUser(name, entry.pw_uid, entry.pw_gid)
        except KeyError:
            continue
    raise EngineFailed("PostgreSQL does not run as root, and there is no user `nobody` here")


def give(paths: Iterable[Path], user: SystemUser | None) -> None:
    """Make these the user's own."""
    for path in paths:
        if user:
            os.chown(path, user.user_id, user.group_id)


def let_pass(paths: Sequence[Path]) -> list[Path]:
    """Let everybody pass through (not read) the directories above these; those that were changed."""
    barred = {
        above for path in paths for above in path.resolve().parents if not above.stat().st_mode & stat.S_IXOTH
    }
    for directory in sorted(barred):
        directory.chmod(directory.stat().st_mode | stat.S_IXOTH)
    return sorted(barred)


def let_read(*installed: Path) -> None:
    """Let everybody read these directories of the wheel, where the umask has kept them private."""
    for directory in filter(Path.exists, installed):
        for path in (directory, *directory.rglob("*")):
            mode = path.stat().st_mode
            wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if mode != wanted:
                path.chmod(wanted)
