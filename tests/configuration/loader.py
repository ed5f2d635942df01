"""The daemon's own answer to a document: `spillway check`."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Optional, Set

from harness import PATIENCE
from harness.daemon import binary


@dataclass(frozen=True)
class Answer:
    is_accepted: bool
    text: str

    def keys_offered(self) -> Set[str]:
        """Those that an unknown key was answered with: "here may stand `a`, `b` or `c`"."""
        offered = re.search(r"here may stand (.*)", self.text)
        return set(re.findall(r"`(\w+)`", offered[1])) if offered else set()


def yaml(document: Any, indent: str = "") -> str:
    """In blocks, where a variable needs no quotes: with them it would be text."""
    below = "\n" + indent + "  "
    if isinstance(document, dict) and document:
        return "".join(f"{below}{name}: {yaml(value, indent + '  ')}"
                       for name, value in document.items())
    if isinstance(document, list) and document:
        return "".join(f"{below}- {yaml(value, indent + '  ')}" for value in document)
    is_variable = isinstance(document, str) and re.fullmatch(r"\$\{\w+\}", document)
    return document if is_variable else json.dumps(document)


class Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check(self, document: Any, environment: Optional[Dict[str, str]] = None) -> Answer:
        file = self.folder / "document.yaml"
        file.write_text(yaml(document) + "\n")
        return self.check_file(file, environment)

    def check_file(self, file: Path, environment: Optional[Dict[str, str]] = None) -> Answer:
        done = subprocess.run([binary(), "check", "-c", file], stdin=subprocess.DEVNULL, text=True,
                              env={**os.environ, **(environment or {})}, capture_output=True,
                              timeout=PATIENCE, check=False)
        assert done.returncode in (0, 1), f"{done.returncode}: {document_of(file)}\n{done.stderr}"
        return Answer(done.returncode == 0, done.stdout + done.stderr)


def document_of(file: Path) -> Any:
    """What a YAML file says, by YAML's core schema."""
    done = subprocess.run([os.environ["YAML_TO_JSON"], file], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=PATIENCE, check=True)
    return json.loads(done.stdout)
