#!/usr/bin/env python3
"""Lines on a standard error that is the journal begin with their priority (sd-daemon(3)), and carry no
time of their own in text; elsewhere they begin with the time."""

import unittest

from harness import SpillwayTest

ROUTES = """
- {name: echo, listen: "127.0.0.1:0", echo: true}
"""
HEAD = "log: {level: info, format: %s, target: %s}\n"

# As the service manager tells a process that its standard error is the journal.
AS_JOURNAL = ("sh", "-c", 'JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2) exec "$@"', "sh")


class JournalLinesHavePriorities(SpillwayTest):
    def first_line(self, file_format: str, target: str, under=()) -> str:
        daemon = self.start_daemon(ROUTES, head=HEAD % (file_format, target), under=under)
        # The last of the start's lines: from then on it can be ended in good order.
        lines = daemon.errors.wait_for(
            "listening", lambda data: b"listening" in data and data.decode())
        return lines.splitlines()[0]

    def test_standard_error_that_is_the_journal(self):
        self.assertRegex(self.first_line("text", "stderr", AS_JOURNAL), "^<6>info starting ")
        self.assertRegex(self.first_line("json", "stderr", AS_JOURNAL), r'^<6>\{"time":')

    def test_standard_error_that_is_not(self):
        self.assertRegex(self.first_line("text", "stderr"), r"^2\d{3}-\S+Z info starting ")
        elsewhere = ("env", "JOURNAL_STREAM=8:1")
        self.assertRegex(self.first_line("text", "stderr", elsewhere), r"^2\d{3}-")

    def test_the_journal_because_the_file_says_so(self):
        self.assertRegex(self.first_line("text", "journald"), "^<6>info starting ")

    def test_faults_at_the_start_are_errors(self):
        bad = "- {name: echo, echo: perhaps}\n"
        for under, start in ((AS_JOURNAL, "^<3>/"), ((), "^/")):
            daemon = self.start_daemon(bad, under=under)
            self.assertEqual(daemon.exit_code(), 1)
            self.assertRegex(daemon.errors.to_end().decode(), start)


if __name__ == "__main__":
    unittest.main()
