#!/usr/bin/env python3
"""Runs each example and checks what it shows. Argument: the folder with the built examples."""

import os
import socket
import ssl
import subprocess
import sys
import unittest

FOLDER = sys.argv.pop(1)
TIMEOUT = 30


def run(name):
    return subprocess.run([os.path.join(FOLDER, name)], capture_output=True, text=True,
                          timeout=TIMEOUT, check=True, stdin=subprocess.DEVNULL).stdout


class Server:
    """An example that listens until its standard input ends."""

    def __init__(self, name):
        self.process = subprocess.Popen([os.path.join(FOLDER, name)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        host, port = self.process.stdout.readline().removeprefix("listening on ").rsplit(":", 1)
        self.address = (host, int(port))
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        code = self.process.wait(TIMEOUT)
        self.process.stdout.close()
        assert code == 0, f"exit code {code}"


def echo(connection, data):
    connection.sendall(data)
    answer = b""
    while len(answer) < len(data):
        answer += connection.recv(65536)
    return answer


class Examples(unittest.TestCase):
    def test_echo_server(self):
        with Server("echo_server") as server:
            with socket.create_connection(server.address, TIMEOUT) as connection:
                self.assertEqual(echo(connection, b"hello"), b"hello")
                connection.shutdown(socket.SHUT_WR)
                self.assertEqual(connection.recv(1), b"", "the server closes after the client")

    def test_echo_server_ends_with_a_client_connected(self):
        with Server("echo_server") as server:
            connection = socket.create_connection(server.address, TIMEOUT)
            self.assertEqual(echo(connection, b"hello"), b"hello")
        connection.close()

    def test_tls_echo(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with Server("tls_echo") as server:
            with socket.create_connection(server.address, TIMEOUT) as plain:
                with context.wrap_socket(plain) as connection:
                    data = os.urandom(100_000)
                    self.assertEqual(echo(connection, data), data)

    def test_send_completion(self):
        output = run("send_completion")
        self.assertIn("the next send is refused: not writeable", output)
        accepted, sent, at = [int(word) for word in output.replace(",", " ").split()
                              if word.isdigit() and word != "1"]
        self.assertEqual(sent, accepted - 1)
        self.assertEqual(at, sent)

    def test_backpressure(self):
        output = run("backpressure")
        self.assertIn("produced 2000 messages, 2000 sent, stopped when told to", output)
        self.assertIn("consumed 16384000 bytes of 16384000", output)

    def test_start_tls(self):
        self.assertEqual(run("start_tls").splitlines(),
                         ["server got: STARTTLS", "client got: 220 go ahead",
                          "server got: a secret", "client got: 250 understood",
                          "client: closed "])


if __name__ == "__main__":
    unittest.main()
