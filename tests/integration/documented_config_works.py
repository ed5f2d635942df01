#!/usr/bin/env python3
"""The configuration that README.md shows passes `spillway check` as it stands."""

import re
import shutil
import unittest
from pathlib import Path

from harness import Identity, SpillwayTest
from harness.daemon import binary

README = Path(__file__).parents[2] / "README.md"


class DocumentedConfig(SpillwayTest):
    def test_the_readmes_example_is_accepted(self):
        examples = re.findall(r"^```yaml\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)
        self.assertNotEqual(examples, [])
        identity = Identity(self.folder)
        shutil.copy(identity.certificate, self.folder / "feed.crt")
        shutil.copy(identity.key, self.folder / "feed.key")
        for example in examples:
            file = self.folder / "spillway.yaml"
            file.write_text(example)
            self.run_program(binary(), "check", "-c", file)


if __name__ == "__main__":
    unittest.main()
