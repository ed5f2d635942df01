"""The images that a test of containers starts from, made from nothing but this machine's apt."""

import os
import re
import subprocess
import sys
from pathlib import Path

from engine import Engine
from root import REPOSITORY, DebianRoot

DOCKERFILE = REPOSITORY / "docker/Dockerfile"
CODENAME = re.search(r"^FROM debian:(\w+)-slim\b", DOCKERFILE.read_text(), re.MULTILINE)[1]
BASE = f"localhost/debian:{CODENAME}-slim"
SPILLWAY = "localhost/spillway"
REDIS = "localhost/redis:7"
BUILD_PATIENCE = 3600  # all of spillway is compiled, link-time optimisation included

# What the distribution's own slim image leaves out as well.
NOT_IN_AN_IMAGE = ("./dev/*", "./proc/*", "./sys/*", "./usr/share/doc/*", "./usr/share/info/*",
                   "./usr/share/locale/*", "./usr/share/man/*", "./var/cache/apt/*",
                   "./var/lib/apt/lists/*", "./var/log/*")

# The published image's name, user and program, as far as docker/compose.yaml counts on them.
REDIS_FILE = """\
FROM {base}
RUN printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d \\
 && apt-get update \\
 && apt-get install -y --no-install-recommends redis-server
WORKDIR /data
CMD ["redis-server"]
"""


def import_debian(engine: Engine) -> None:
    """By the name that the Dockerfile has for it."""
    root = DebianRoot("image", packages=(), suite=CODENAME)
    archive = engine.folder / "debian.tar"
    excluded = [f"--exclude={pattern}" for pattern in NOT_IN_AN_IMAGE]
    subprocess.run(["tar", "-C", str(root.folder), "--numeric-owner", *excluded, "-cf",
                    str(archive), "."], stdin=subprocess.DEVNULL, timeout=300, check=True)
    engine.run("import", "-q", archive, BASE)
    archive.unlink()


def build_spillway(engine: Engine) -> None:
    compilers = os.environ.get("SPILLWAY_JOBS") or str(os.cpu_count())
    engine.build(SPILLWAY, DOCKERFILE, REPOSITORY,
                 {"CMAKE_BUILD_PARALLEL_LEVEL": compilers}, BUILD_PATIENCE)


def build_redis(engine: Engine) -> None:
    context = engine.folder / "redis"
    context.mkdir(exist_ok=True)
    file = context / "Dockerfile"
    file.write_text(REDIS_FILE.format(base=BASE), encoding="utf-8")
    engine.build(REDIS, file, context, patience=600)


if __name__ == "__main__":
    images = Engine(Path(sys.argv[1]))
    import_debian(images)
    build_redis(images)
    build_spillway(images)
