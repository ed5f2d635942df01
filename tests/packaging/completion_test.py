#!/usr/bin/env python3
"""What bash and zsh complete is what the daemon's help says there is, for every command.
Argument: the repository."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Dict, List

import help_text

COMPLETION = Path(sys.argv.pop(1)) / "packaging/completion"
COMMANDS = help_text.commands()

BASH = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_spillway
printf '%s\n' "${COMPREPLY[@]}"
"""

# In place of what zsh has for it: says what it was called with. The first call is the one that finds
# out which command there is.
ZSH = r"""
_arguments() { [[ $1 != -C ]] && { print -rl -- "$@"; return }
  [[ -n $wanted ]] && { state=options; line=($wanted) } || { print -rl -- "$@"; state=command }
  return 1 }
_describe() { print -rl -- "${(@P)2}" }
_files() { }
wanted=$2
source "$1"
"""


def run(*command: object, folder: object = None) -> List[str]:
    finished = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, cwd=folder,
                              capture_output=True, text=True, timeout=60, check=False)
    assert finished.stderr == "", finished.stderr
    return [line for line in finished.stdout.splitlines() if line]


class CompletionTest(unittest.TestCase):
    def test_there_are_commands_to_compare(self):
        self.assertEqual(sorted(COMMANDS), ["check", "echo", "proxy", "run", "status"])
        self.assertEqual(set(help_text.words("proxy")),
                         {"--overflow-to-client", "--overflow-to-upstream", "--framing"})


class Bash(unittest.TestCase):
    @staticmethod
    def complete(*words: str, folder: object = None) -> List[str]:
        return run("bash", "--norc", "-c", BASH, "bash", COMPLETION / "spillway.bash", "spillway",
                   *words, folder=folder)

    def test_commands_and_what_goes_without_one(self):
        self.assertEqual(set(self.complete("")), set(COMMANDS) | help_text.options())
        self.assertEqual(self.complete("st"), ["status"])

    def test_options_of_each_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.assertEqual(set(self.complete(command, "-")), help_text.options(command))

    def test_words_of_each_option(self):
        for command in COMMANDS:
            for option, words in help_text.words(command).items():
                with self.subTest(f"{command} {option}"):
                    self.assertEqual(self.complete(command, option, ""), words)

    def test_files(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for file in ("a.yaml", "b.yml", "c.pem"):
                (folder / file).touch()
            (folder / "sub").mkdir()
            self.assertEqual(set(self.complete("run", "-c", "", folder=folder)),
                             {"a.yaml", "b.yml", "sub"})
            self.assertEqual(self.complete("proxy", "--cert", "c", folder=folder), ["c.pem"])

    def test_nothing_where_nothing_can_be_known(self):
        self.assertEqual(self.complete("proxy", "--to", ""), [])


class Zsh(unittest.TestCase):
    @staticmethod
    def specifications(command: str) -> List[str]:
        return run("zsh", "-f", "-c", ZSH, "zsh", COMPLETION / "_spillway", command)

    @staticmethod
    def options(specifications: List[str]) -> Dict[str, str]:
        """Each option with what is said of it."""
        found = (re.match(r"(?:\([^)]*\))?\*?(--?[\w-]+)(\[.*)", each) for each in specifications)
        return {each[1]: each[2] for each in found if each}

    def test_commands_and_what_goes_without_one(self):
        said = self.specifications("")
        self.assertEqual({each.partition(":")[0] for each in said if re.match(r"[a-z]+:", each)},
                         set(COMMANDS))
        self.assertEqual(set(self.options(said)), help_text.options())

    def test_options_of_each_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.assertEqual(set(self.options(self.specifications(command))),
                                 help_text.options(command))

    def test_words_of_each_option(self):
        for command in COMMANDS:
            options = self.options(self.specifications(command))
            for option, words in help_text.words(command).items():
                with self.subTest(f"{command} {option}"):
                    self.assertTrue(options[option].endswith(f":({' '.join(words)})"),
                                    options[option])


if __name__ == "__main__":
    unittest.main()
