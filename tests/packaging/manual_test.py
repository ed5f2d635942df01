#!/usr/bin/env python3
"""The manual pages have everything that there is, and are set without a warning.
Arguments: the repository, the folder with the made pages."""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import help_text

ROOT = Path(sys.argv.pop(1))
PAGES = Path(sys.argv.pop(1))
DAEMON_PAGE = (PAGES / "spillway.8").read_text()
CONFIGURATION_PAGE = (PAGES / "spillway.yaml.5").read_text()


def plain(text: str) -> str:
    return text.replace("\\-", "-").replace("\\&", "")


def section(page: str, title: str, mark: str = ".SH") -> str:
    found = re.search(rf"^{re.escape(mark)} {re.escape(title)}\n(.*?)(?=^\.SH |^{re.escape(mark)} |\Z)",
                      page, re.DOTALL | re.MULTILINE)
    assert found, f"no section {title}"
    return plain(found[1])


class ManualTest(unittest.TestCase):
    def test_groff_has_nothing_to_complain_about(self):
        for page in ("spillway.8", "spillway.yaml.5"):
            finished = subprocess.run(
                ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(PAGES / page)],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True,
                env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"})
            self.assertEqual(finished.stderr.decode(), "", page)

    def test_every_option_of_every_command(self):
        commands = help_text.commands()
        self.assertTrue(commands)
        for command in commands:
            said = section(DAEMON_PAGE, command, ".SS")
            for option in help_text.options(command) - {"-h", "--help"}:
                with self.subTest(f"{command} {option}"):
                    self.assertRegex(said, rf"(?m)^\.BR? .*{re.escape(option)}( |$)")

    def test_every_word_that_an_option_takes(self):
        said = section(DAEMON_PAGE, "COMMANDS")
        for command in help_text.commands():
            for words in help_text.words(command).values():
                for word in words:
                    self.assertRegex(said, rf"(?m)^\.BR? {word}\b")

    def test_every_signal_and_exit_code(self):
        for signal in ("TERM", "INT", "HUP", "USR1", "USR2"):
            self.assertIn(signal, section(DAEMON_PAGE, "SIGNALS"))
        for code in "0123":
            self.assertIn(f".TP\n.B {code}\n", section(DAEMON_PAGE, "EXIT STATUS"))

    def test_every_key_that_the_document_has(self):
        keys = re.findall(r"^\| `([\w.\[\]]+)` \|", (ROOT / "docs/configuration.md").read_text(),
                          re.MULTILINE)
        self.assertGreater(len(keys), 50)
        self.assertEqual(re.findall(r"^\.TP\n\\fB([\w.\[\]]+)\\fR$", CONFIGURATION_PAGE, re.MULTILINE),
                         keys)

    def test_nothing_of_markdown_is_left(self):
        text = subprocess.run(["man", "-l", str(PAGES / "spillway.yaml.5")], check=True, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100"}).stdout
        self.assertNotRegex(text, r"\]\(|`|\*\*|^\s*\||^#+ ")


if __name__ == "__main__":
    unittest.main()
