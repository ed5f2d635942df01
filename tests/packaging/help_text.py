"""What the daemon's own help says there is."""

import os
import re
import subprocess
from typing import Dict, List, Set

DAEMON = os.environ["SPILLWAY_DAEMON"]


def help_of(*command: str) -> str:
    return subprocess.run([DAEMON, *command, "--help"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, check=True).stdout


def commands() -> List[str]:
    listed = help_of().partition("Subcommands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  (\w+) ", listed, re.MULTILINE)


def options(*command: str) -> Set[str]:
    """All spellings: "-c" and "--config"."""
    found = re.findall(r"^ +((?:-\w,)?--[\w-]+)", help_of(*command), re.MULTILINE)
    return {name for names in found for name in names.split(",")}


def words(*command: str) -> Dict[str, List[str]]:
    """Of the options that take one of some words: "...: pause (the default), close"."""
    text = re.sub(r"\n {20,}", " ", help_of(*command))
    found = re.findall(r"^ +(--[\w-]+) [A-Z].*: (\w+ \(the default\).*)$", text, re.MULTILINE)
    return {name: re.findall(r"\w+", listed.replace("(the default)", ""))
            for name, listed in found}
