"""A container engine without a daemon (podman) that keeps everything in one folder: what the machine's
own one has is neither seen nor touched."""

import json
import os
import resource
import subprocess
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

PATIENCE = 120

# Both limits are named, since the defaults may be more than this machine lets anybody have.
SETTINGS = """\
[containers]
default_ulimits = ["nofile=1024:{descriptors}", "nproc=8192:8192"]
log_driver = "k8s-file"

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "{folder}/engine"
volume_path = "{folder}/volumes"

[network]
network_backend = "netavark"
network_config_dir = "{folder}/networks"
"""

STORAGE = """\
[storage]
driver = "overlay"
graphroot = "{folder}/images"
runroot = "{folder}/run"
"""


class Engine:
    """`folder` is there; its owner removes it when the last container is gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _, descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
        (folder / "tmp").mkdir(exist_ok=True)
        (folder / "containers.conf").write_text(
            SETTINGS.format(folder=folder, descriptors=descriptors), encoding="utf-8")
        (folder / "storage.conf").write_text(STORAGE.format(folder=folder), encoding="utf-8")
        # Health checks are made when a test wants one, and not by this machine's systemd.
        self.environment = {**os.environ, "DISABLE_HC_SYSTEMD": "true",
                            "TMPDIR": str(folder / "tmp"),
                            "CONTAINERS_CONF": str(folder / "containers.conf"),
                            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf")}

    def attempt(self, *arguments: object, patience: int = PATIENCE) -> subprocess.CompletedProcess:
        return subprocess.run(["podman", *(str(word) for word in arguments)],
                              env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=patience, check=False)

    def run(self, *arguments: object, patience: int = PATIENCE) -> str:
        """What it wrote, without the line's end. It has to succeed."""
        done = self.attempt(*arguments, patience=patience)
        if done.returncode != 0:
            words = " ".join(str(word) for word in arguments)
            raise AssertionError(f"podman {words}\nended with {done.returncode}:\n"
                                 f"{done.stdout[-4000:]}{done.stderr[-8000:]}")
        return done.stdout.rstrip("\n")

    def inspect(self, kind: str, name: str) -> Any:
        return json.loads(self.run(kind, "inspect", name))[0]

    def build(self, tag: str, file: Path, context: Path, settings: Optional[Dict[str, str]] = None,
              patience: int = PATIENCE) -> None:
        """On this machine's network, as far as the build needs one. Its output is ours, as it comes."""
        # A build is a control group, whose share is by default no more than one busy process's beside it.
        arguments: List[str] = [f"--cpu-shares={1024 * (os.cpu_count() or 1)}"]
        for name, value in (settings or {}).items():
            arguments += ["--build-arg", f"{name}={value}"]
        subprocess.run(["podman", "build", "--network=host", "--format=docker", "--pull=never",
                        *arguments, "-t", tag, "-f", str(file), str(context)],
                       env=self.environment, stdin=subprocess.DEVNULL, timeout=patience, check=True)

    def start(self, image: str, *options: object, command: Sequence[str] = ()) -> "Container":
        return Container(self, self.run("run", "-d", *options, image, *command).splitlines()[-1])


class Container:
    """One that was started, by its name or number."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name

    @property
    def facts(self) -> Any:
        return self.engine.inspect("container", self.name)

    @property
    def process(self) -> int:
        """Its process 1, as this machine counts."""
        return self.facts["State"]["Pid"]

    @property
    def has_ended(self) -> bool:
        """One that is being stopped has not yet."""
        return self.facts["State"]["Status"] in ("exited", "stopped")

    @property
    def exit_code(self) -> int:
        """Waits for its end."""
        return int(self.engine.run("wait", self.name))

    def address(self, port: int) -> Tuple[str, int]:
        """Where this machine reaches what it listens on, published on a port that was free."""
        host, _, number = self.engine.run("port", self.name, f"{port}/tcp").rpartition(":")
        return host, int(number)

    def log(self) -> str:
        done = self.engine.attempt("logs", self.name)
        return done.stdout + done.stderr

    def signal(self, name: str) -> None:
        self.engine.run("kill", "-s", name, self.name)

    def execute(self, *command: str) -> subprocess.CompletedProcess:
        return self.engine.attempt("exec", self.name, *command)

    def check_health(self) -> int:
        """0 when it is well. Docker does it by the clock; here it is done when asked for."""
        return self.engine.attempt("healthcheck", "run", self.name).returncode

    @property
    def health(self) -> str:
        """What came of the checks: starting, healthy or unhealthy."""
        state = self.facts["State"]
        return (state.get("Health") or state["Healthcheck"])["Status"]

    def stop(self, seconds: int) -> int:
        """As an operator does; its exit code."""
        self.engine.run("stop", "-t", seconds, self.name, patience=PATIENCE + seconds)
        return self.exit_code

    def stopping(self, seconds: int) -> subprocess.Popen:
        """The same, while the test goes on."""
        return subprocess.Popen(["podman", "stop", "-t", str(seconds), self.name],
                                env=self.engine.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL)

    def remove(self) -> None:
        self.engine.run("rm", "-f", "-t", 0, self.name)
