#!/usr/bin/env python3
"""The configurations that README.md and docs/overflow.md show pass `spillway check` as they stand."""

import re
import shutil
import unittest
from pathlib import Path

from harness import Identity, SpillwayTest
from harness.daemon import binary

ROOT = Path(__file__).parents[2]


class DocumentedConfig(SpillwayTest):
    def check_examples(self, document: str, count: int) -> None:
        examples = re.findall(r"^```yaml\n(.*?)^```", (ROOT / document).read_text(),
                              re.DOTALL | re.MULTILINE)
        self.assertEqual(len(examples), count)
        identity = Identity(self.folder)
        for example in examples:
            for cert, key in re.findall(r"cert: ([\w.]+), key: ([\w.]+)", example):
                shutil.copy(identity.certificate, self.folder / cert)
                shutil.copy(identity.key, self.folder / key)
            file = self.folder / "spillway.yaml"
            file.write_text(example)
            self.run_program(binary(), "check", "-c", file)

    def test_the_readmes_example_is_accepted(self):
        self.check_examples("README.md", 1)

    def test_each_policys_example_is_accepted(self):
        self.check_examples("docs/overflow.md", 4)


if __name__ == "__main__":
    unittest.main()
