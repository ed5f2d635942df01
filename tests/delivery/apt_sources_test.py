#!/usr/bin/env python3
"""Both ways in which apt's sources are written down are read as apt reads them."""

import tempfile
import unittest
from pathlib import Path

from apt_sources import (AptSource, distribution_sources, machine_sources, parse_deb822,
                         parse_list)

ONE_LINE = """\
# deb http://mirror.example/old buster main
deb http://mirror.example/debian bookworm main contrib # a remark
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] https://mirror.example/security bookworm-security main
deb https://elsewhere.example/flat ./
"""

DEB822 = """\
Types: deb deb-src
# URIs: http://mirror.example/a-remark-inside
URIs: http://mirror.example/debian
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb-src
URIs: http://mirror.example/sources
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://mirror.example/off
Suites: bookworm
Components: main
"""


class AptSourcesTest(unittest.TestCase):
    def test_one_line_sources(self):
        self.assertEqual(list(parse_list(ONE_LINE)), [
            AptSource("http://mirror.example/debian", "bookworm", ("main", "contrib")),
            AptSource("https://mirror.example/security", "bookworm-security", ("main",)),
            AptSource("https://elsewhere.example/flat", "./", ()),
        ])

    def test_deb822_sources(self):
        self.assertEqual(list(parse_deb822(DEB822)), [
            AptSource("http://mirror.example/debian", "bookworm", ("main",)),
            AptSource("http://mirror.example/debian", "bookworm-updates", ("main",)),
        ])

    def test_files_of_both_kinds_and_no_others_are_read(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "sources.list").write_text("deb http://a.example/ one main\n")
            (folder / "sources.list.d").mkdir()
            parts = folder / "sources.list.d"
            (parts / "b.list").write_text("deb http://b.example/ two main\n")
            (parts / "c.sources").write_text("Types: deb\nURIs: http://c.example/\nSuites: three\n")
            (parts / "d.list.save").write_text("deb http://d.example/ four main\n")
            self.assertEqual([source.suite for source in machine_sources(folder)],
                             ["one", "two", "three"])

    def test_the_distribution_is_told_from_what_others_add(self):
        sources = [AptSource("http://tools.example/", "bookworm", ("stable",)),
                   AptSource("http://mirror.example/", "bookworm-updates", ("main",)),
                   AptSource("http://mirror.example/", "bookworm", ("main",)),
                   AptSource("http://tools.example/", "bookworm-tools", ("stable",))]
        self.assertEqual([source.line for source in distribution_sources("bookworm", sources)],
                         ["deb http://mirror.example/ bookworm main",
                          "deb http://mirror.example/ bookworm-updates main"])

    def test_a_release_that_apt_does_not_know_is_named(self):
        with self.assertRaisesRegex(LookupError, "trixie"):
            distribution_sources("trixie", [AptSource("http://a.example/", "bookworm", ("main",))])


if __name__ == "__main__":
    unittest.main()
