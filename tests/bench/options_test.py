#!/usr/bin/env python3
"""The command line chooses, and a mistake in it is told with what would be right."""

import unittest

from options import WrongUsage, parse
from scenarios import SCENARIOS


def names(peers: list) -> list:
    return [peer.name for peer in peers]


class OptionsTest(unittest.TestCase):
    def test_without_words_everything_is_measured(self):
        options = parse([])
        self.assertEqual(options.scenarios, list(SCENARIOS))
        self.assertEqual(names(options.peers), ["spillway", "yardstick", "haproxy", "nginx",
                                                "hitch", "stunnel"])

    def test_scenarios_come_in_the_order_of_the_table_and_once(self):
        options = parse(["idle", "bulk-echo", "idle"])
        self.assertEqual([each.name for each in options.scenarios], ["bulk-echo", "idle"])

    def test_peers_come_as_they_are_named(self):
        options = parse(["--peers", "nginx,spillway,nginx"])
        self.assertEqual(names(options.peers), ["nginx", "spillway"])

    def test_two_binaries_stand_in_for_the_built_one(self):
        options = parse(["--spillway", "before=/old/spillway", "--spillway", "after=new/spillway",
                         "--peers", "spillway,after-lean"])
        self.assertEqual(names(options.peers), ["before", "after", "after-lean"])
        self.assertEqual(options.peers[0].program, "/old/spillway")
        self.assertTrue(options.peers[1].program.startswith("/"), options.peers[1].program)

    def test_policy_cost_has_the_variants_of_each_binary_and_no_peers(self):
        options = parse(["policy-cost", "--spillway", "a=/a", "--spillway", "b=/b"])
        self.assertEqual(names(options.peers_of(options.scenarios[0])),
                         ["a", "a-lean", "a-full", "b", "b-lean", "b-full"])

    def test_a_setting_makes_another_proxy(self):
        options = parse(["--peers", "nginx,nginx:buffer=4k"])
        self.assertEqual(names(options.peers), ["nginx", "nginx:buffer=4k"])
        self.assertEqual(options.peers[1].settings, {"buffer": "4k"})
        self.assertEqual(options.peers[1].bulk_settings, {"buffer": "4k"})

    def test_two_loops_are_for_proxies_that_have_loops(self):
        options = parse(["two-loops"])
        self.assertEqual(names(options.peers_of(options.scenarios[0])),
                         ["spillway", "yardstick", "haproxy", "nginx", "hitch"])

    def test_mistakes_are_told_with_their_mend(self):
        for words, told in (
                (["bulk-downlaod"], 'no scenario "bulk-downlaod", did you mean "bulk-download"?'),
                (["xyz"], 'no scenario "xyz", there are: bulk-download, bulk-echo, '),
                (["--peers", "spillway,haprox"], 'no proxy "haprox", did you mean "haproxy"?'),
                (["--peers", ","], "--peers: name at least one"),
                (["--peers", "nginx:bufer=4k"],
                 'no setting of nginx "bufer", did you mean "buffer"?'),
                (["--peers", "nginx:buffer"], "nginx:buffer=VALUE"),
                (["--peers", "stunnel:x=1"], 'no setting of stunnel "x", there is: none'),
                (["--rounds", "0"], '"0" is no number from 1 to 3600'),
                (["--rounds", "2.5"], '"2.5" is no number from 1 to 3600'),
                (["--seconds", "soon"], '"soon" is no number from 0.1 to 3600'),
                (["--spillway", "A B=/x"], '"A B" is no name'),
                (["--spillway", "/x", "--spillway", "/y"], 'there is a "spillway" already'),
                (["--spillway", "nginx=/x"], "one of the names is that of another proxy"),
                (["--spillway", "a=/x", "--spillway", "a-lean=/y"],
                 "one of the names is that of another proxy"),
                (["policy-cost", "--peers", "nginx"], "measures none of --peers nginx"),
                (["--sceonds", "3"], "--sceonds")):
            with self.subTest(words), self.assertRaises(WrongUsage) as caught:
                parse(words)
            self.assertIn(told, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
