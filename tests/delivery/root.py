"""A Debian of its own to install things in: made from where this machine's apt gets its packages, and
kept in build/roots, so that the next run finds it there."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Optional, Sequence

from apt_sources import distribution_sources, machine_proxy, machine_sources

REPOSITORY = Path(__file__).resolve().parents[2]
KEPT = REPOSITORY / "build/roots"
PATIENCE = 900

# What a booted system needs beyond the minimum, and tests use in it.
BOOTABLE = ("systemd", "systemd-sysv", "dbus", "procps", "iproute2", "netcat-openbsd")

# What runs in the root gets an environment of its own, not the test's.
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "HOME": "/root", "LANG": "C.UTF-8", "TERM": "dumb",
               "DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}


def require_root_user() -> None:
    if os.geteuid() != 0:
        raise PermissionError("this test makes and boots a system of its own, which only root can: "
                              "sudo ./dev delivery")


def machine_codename() -> str:
    for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name == "VERSION_CODENAME":
            return value.strip('"')
    raise LookupError("/etc/os-release has no VERSION_CODENAME: the tests need Debian or Ubuntu")


def run(*command: object, environment: Optional[dict] = None, patience: int = PATIENCE) -> str:
    """To its end; gives back what it wrote, errors included."""
    finished = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                              timeout=patience, check=False)
    text = finished.stdout.decode(errors="replace")
    if finished.returncode != 0:
        words = " ".join(str(word) for word in command)
        raise AssertionError(f"{words}\nended with {finished.returncode}:\n{text[-8000:]}")
    return text


class DebianRoot:
    """`folder` is a complete file system. Two with the same name are the same folder: what one test
    does in it with `chroot` another one finds, so boot it (`Machine`), which throws away what it did,
    or change nothing but apt's caches.

    suite: of the distribution; this machine's own unless it is named. The mirror has to have it.
    """

    def __init__(self, name: str = "bootable", packages: Sequence[str] = BOOTABLE,
                 suite: Optional[str] = None) -> None:
        require_root_user()
        self.suite = suite or machine_codename()
        self.folder = KEPT / f"{self.suite}-{name}"
        self._packages = list(packages)
        if not self._is_made():
            self._make()

    def chroot(self, *command: object) -> str:
        """Runs a command in it, with this machine's network and without a service manager."""
        shutil.copyfile("/etc/resolv.conf", self.folder / "etc/resolv.conf")
        return run("chroot", self.folder, *command, environment=ENVIRONMENT)

    def fetch(self, *packages: str) -> None:
        """Downloads packages of the distribution with what they depend on, so that they install in a
        machine that has no network."""
        self._update()
        self.chroot("apt-get", "-q", "install", "-y", "--download-only", "--no-install-recommends",
                    *packages)

    def fetch_dependencies_of(self, *files: Path) -> None:
        """The same for packages that are files: they themselves are not installed."""
        inside = self.folder / "var/cache/spillway"
        inside.mkdir(exist_ok=True)
        try:
            for file in files:
                shutil.copy(file, inside)
            self.fetch(*(f"/var/cache/spillway/{file.name}" for file in files))
        finally:
            shutil.rmtree(inside)

    def _update(self) -> None:
        self.chroot("apt-get", "-q", "update")

    @property
    def _recipe(self) -> str:
        return "\n".join([self.suite, *self._packages]) + "\n"

    @property
    def _stamp(self) -> Path:
        return self.folder.with_suffix(".made")

    def _is_made(self) -> bool:
        return (self.folder.is_dir() and self._stamp.is_file()
                and self._stamp.read_text(encoding="utf-8") == self._recipe)

    def _make(self) -> None:
        own = machine_codename()
        sources = distribution_sources(own, machine_sources())
        if self.suite != own:
            sources = [sources[0]._replace(suite=self.suite)]
        home = sources[0]
        if self.folder.exists():
            shutil.rmtree(self.folder)
        KEPT.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase",
                   "--components=" + ",".join(home.components or ("main",))]
        if self._packages:
            command.append("--include=" + ",".join(self._packages))
        run(*command, home.suite, self.folder, home.uri)
        apt = self.folder / "etc/apt"
        (apt / "sources.list").write_text("".join(f"{source.line}\n" for source in sources),
                                          encoding="utf-8")
        (apt / "apt.conf.d/50proxy").write_text(machine_proxy(), encoding="utf-8")
        self._stamp.write_text(self._recipe, encoding="utf-8")
