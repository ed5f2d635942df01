#!/usr/bin/env python3
"""Each rule of check_layers.py bites: a sound tree passes, and each break alone is found."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import check_layers

SOUND = {
    "lib/include/spillway/clock.hpp": ["<chrono>"],
    "lib/include/spillway/send.hpp": ["<boost/system/result.hpp>", "<cstdint>"],
    "lib/include/spillway/connection.hpp": ["<spillway/clock.hpp>", "<spillway/send.hpp>"],
    "lib/include/spillway/tls/tls_layer.hpp": ["<spillway/send.hpp>"],
    "lib/src/base/clock.cpp": ["<spillway/clock.hpp>"],
    "lib/src/transport/poller.hpp": ["<spillway/clock.hpp>", "<sys/epoll.h>"],
    "lib/src/transport/poller.cpp": ['"transport/poller.hpp"', "<boost/asio/steady_timer.hpp>"],
    "lib/src/connection/connection.cpp": ["<spillway/connection.hpp>"],
    "lib/src/tls/engine.cpp": ["<spillway/tls/tls_layer.hpp>", "<openssl/ssl.h>"],
    "daemon/config/load.cpp": ["<yaml-cpp/yaml.h>"],
    "daemon/observe/log.hpp": ['"daemon/config/config.hpp"', "<spdlog/logger.h>"],
    "daemon/config/config.hpp": ["<spillway/clock.hpp>"],
    "daemon/server/signals.cpp": ["<boost/asio/signal_set.hpp>"],
    "daemon/command_line.hpp": ['"daemon/config/config.hpp"'],
    "daemon/command_line.cpp": ['"daemon/command_line.hpp"', "<CLI/CLI.hpp>"],
    "daemon/main.cpp": ['"daemon/command_line.hpp"'],
}

BREAKS = [
    # (what breaks, file, the include, part of the words)
    ("base includes connection", "lib/src/base/clock.cpp",
     "<spillway/connection.hpp>", "base includes connection"),
    ("transport includes tls", "lib/src/transport/poller.cpp",
     '"tls/engine.hpp"', "transport includes tls"),
    ("connection includes tls", "lib/src/connection/connection.cpp",
     "<spillway/tls/tls_layer.hpp>", "connection includes tls"),
    ("a public header of a lower layer includes a higher one", "lib/include/spillway/clock.hpp",
     "<spillway/send.hpp>", "base includes connection"),
    ("config includes overflow", "daemon/config/load.cpp",
     '"daemon/overflow/pipe.hpp"', "config includes overflow"),
    ("server includes the command line", "daemon/server/signals.cpp",
     '"daemon/command_line.hpp"', "server includes main"),
    ("lib includes the daemon", "lib/src/tls/engine.cpp",
     '"daemon/config/config.hpp"', "the library includes the daemon"),
    ("the daemon includes the library's inside", "daemon/main.cpp",
     '"lib/src/transport/poller.hpp"', "the library's inside"),
    ("a public header that no table knows", "lib/src/base/clock.cpp",
     "<spillway/surprise.hpp>", "belongs to no layer"),
    ("OpenSSL outside of tls", "lib/src/connection/connection.cpp",
     "<openssl/ssl.h>", "allowed: lib/src/tls/"),
    ("OpenSSL in the daemon", "daemon/main.cpp",
     "<openssl/ssl.h>", "allowed: lib/src/tls/"),
    ("Asio outside of the transport", "lib/src/connection/connection.cpp",
     "<boost/asio/io_context.hpp>", "allowed: lib/src/transport/"),
    ("Asio's sockets in the daemon", "daemon/server/signals.cpp",
     "<boost/asio/ip/tcp.hpp>", "allowed: lib/src/transport/"),
    ("Asio's TLS anywhere", "lib/src/tls/engine.cpp",
     "<boost/asio/ssl.hpp>", "allowed: nowhere"),
    ("Beast outside of the admin server", "daemon/server/signals.cpp",
     "<boost/beast/http.hpp>", "allowed: daemon/server/admin"),
    ("spdlog in the library", "lib/src/base/clock.cpp",
     "<spdlog/spdlog.h>", "allowed: daemon/observe/"),
    ("spdlog outside of observe", "daemon/main.cpp",
     "<spdlog/spdlog.h>", "allowed: daemon/observe/"),
    ("yaml-cpp in another file of config", "daemon/config/read.cpp",
     "<yaml-cpp/yaml.h>", "allowed: daemon/config/load.cpp"),
    ("CLI11 in main", "daemon/main.cpp",
     "<CLI/CLI.hpp>", "allowed: daemon/command_line.cpp"),
    ("a library that nobody has decided for", "daemon/main.cpp",
     "<nlohmann/json.hpp>", "no table allows"),
    ("the operating system in a public header", "lib/include/spillway/clock.hpp",
     "<sys/socket.h>", "SC-32"),
    ("a C header in a public header", "lib/include/spillway/clock.hpp",
     "<unistd.h>", "SC-32"),
    ("OpenSSL in a public header", "lib/include/spillway/tls/tls_layer.hpp",
     "<openssl/ssl.h>", "SC-32"),
    ("the operating system above the transport", "lib/src/connection/connection.cpp",
     "<sys/socket.h>", "lib/src/transport"),
    ("headers in a circle", "lib/include/spillway/send.hpp",
     "<spillway/connection.hpp>", "a circle"),
    ("folders side by side in a circle", "daemon/config/config.hpp",
     '"daemon/observe/log.hpp"', "a circle"),
]


class CheckLayersTest(unittest.TestCase):
    def breaks_of(self, tree):
        with tempfile.TemporaryDirectory() as folder:
            for name, names in tree.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(f"#include {include}\n" for include in names))
            return [str(item) for item in check_layers.breaks(Path(folder))]

    def test_a_sound_tree_passes(self):
        self.assertEqual(self.breaks_of(SOUND), [])

    def test_each_break_is_found_at_its_line(self):
        for what, file, include, words in BREAKS:
            with self.subTest(what):
                tree = {**SOUND, file: SOUND.get(file, []) + [include]}
                found = self.breaks_of(tree)
                place = f"{file}:{len(tree[file])}: "
                self.assertTrue(any(words in item for item in found), found)
                if "circle" not in words:
                    self.assertTrue(all(item.startswith(place) for item in found), found)

    def test_an_include_in_words_is_not_one(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lib/src/base/clock.cpp"
            path.parent.mkdir(parents=True)
            path.write_text("// #include <openssl/ssl.h> would be wrong here\n")
            self.assertEqual(check_layers.breaks(Path(folder)), [])

    def test_a_tree_without_sources_is_no_success(self):
        with tempfile.TemporaryDirectory() as folder:
            with contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(check_layers.main(["check_layers.py", folder]), 2)


if __name__ == "__main__":
    unittest.main()
