"""A test of containers, apart from this machine: storage, network, mounts and processes of its own."""

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Iterator, Sequence

from images import BUILD_PATIENCE
from root import require_root_user

# Whatever its settings say, an engine also writes here.
OWN_STORAGE = "mkdir -p /var/lib/containers; mount -t tmpfs tmpfs /var/lib/containers; "
OWN_NETWORK = "mount -t tmpfs tmpfs /run; ip link set lo up; "

# Beyond the limits of all that is in there: these are for what has none.
IMAGES_PATIENCE = 2 * BUILD_PATIENCE
TEST_PATIENCE = 3600


def run_apart(test: Path, *arguments: str) -> int:
    """Makes the images, then runs that file, with SPILLWAY_ENGINE set, where it can harm nothing."""
    require_root_user()
    control_groups = set(engines_control_groups())
    try:
        return run_in_namespaces(test, arguments)
    finally:
        for group in set(engines_control_groups()) - control_groups:
            for folder in (*group.glob("*/"), group):
                with suppress(OSError):  # by now somebody else's, too
                    folder.rmdir()


def engines_control_groups() -> Iterator[Path]:
    """The one thing that an engine leaves outside of its own folders."""
    return Path("/sys/fs/cgroup").glob("**/libpod_parent")


def run_in_namespaces(test: Path, arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="spillway-images-") as folder:
        folder = os.environ.get("SPILLWAY_IMAGES") or folder
        Path(folder).mkdir(parents=True, exist_ok=True)
        made = apart(OWN_STORAGE, [], IMAGES_PATIENCE, test.with_name("images.py"), folder)
        if made != 0:
            return made
        os.environ["SPILLWAY_ENGINE"] = folder
        return apart(OWN_STORAGE + OWN_NETWORK, ["--net"], TEST_PATIENCE, test, *arguments)


def apart(preparation: str, namespaces: Sequence[str], patience: int, *script: object) -> int:
    """The script's exit code. A shell is the first process in there: it takes in what containers
    leave, and with it everything ends, however this test ends."""
    return subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", *namespaces,
         "sh", "-euc", preparation + '"$@" || exit', "sh", sys.executable, "-B", *script],
        stdin=subprocess.DEVNULL, timeout=patience, check=False).returncode
