#!/usr/bin/env python3
"""Certificates, and those that upstreams are verified by, are read again when their files change,
whichever way they change, and by a reload. What does not fit keeps the old ones."""

import hashlib
import os
import shutil
import signal
import ssl
import subprocess
import unittest
from datetime import datetime, timezone
from pathlib import Path

from harness import Identity, SpillwayTest, receive_exactly, wait_until

ROUTE = """
- name: secure
  listen: 127.0.0.1:0
  tls: {certificates: [{cert: %s/tls.crt, key: %s/tls.key}]}
  echo: true
"""

WATCHED = """\
threads: 2
log: {level: info, format: json, target: stderr}
admin: {listen: "127.0.0.1:0"}
"""

PROXY = """
- name: proxy
  listen: 127.0.0.1:0
  upstream: {servers: "%s", tls: {ca: served.pem, server_name: localhost}}
"""


class CertificatesFollowTheirFiles(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.served = self.folder / "served"
        self.first = self.make_pair("first")
        self.second = self.make_pair("second", days=5)
        self.dates = [not_after(pair / "tls.crt") for pair in (self.first, self.second)]
        self.assertLess(*self.dates)

    def make_pair(self, name: str, is_expired: bool = False, days: int = 2) -> Path:
        folder = self.folder / name
        folder.mkdir()
        identity = Identity(folder, days=days)
        if is_expired:
            identity.expire()
        shutil.copy(identity.certificate, folder / "tls.crt")
        shutil.copy(identity.key, folder / "tls.key")
        return folder

    def serve(self, folder: Path) -> None:
        self.daemon = self.start_daemon(ROUTE % (folder, folder))
        self.address = self.daemon.address("secure")

    def shown(self) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(self.connect(self.address)) as client:
            return hashlib.sha256(client.getpeercert(binary_form=True)).hexdigest()

    @staticmethod
    def digest(folder: Path) -> str:
        der = ssl.PEM_cert_to_DER_cert((folder / "tls.crt").read_text(encoding="ascii"))
        return hashlib.sha256(der).hexdigest()

    def test_a_pair_that_is_copied_over_the_old_one(self):
        shutil.copytree(self.first, self.served)
        self.serve(self.served)
        self.assertEqual(self.shown(), self.digest(self.first))
        shutil.copytree(self.second, self.served, dirs_exist_ok=True)
        event = self.daemon.wait_for_event("certificate_reloaded")
        self.assertEqual([event["previous_not_after"], event["not_after"]], self.dates)
        wait_until("the new certificate", lambda: self.shown() == self.digest(self.second))

    def test_a_link_that_is_swapped_as_kubernetes_does(self):
        self.served.mkdir()
        (self.served / "..data").symlink_to(self.first)
        for name in ("tls.crt", "tls.key"):
            (self.served / name).symlink_to(f"..data/{name}")
        self.serve(self.served)
        (self.served / "..data_tmp").symlink_to(self.second)
        os.replace(self.served / "..data_tmp", self.served / "..data")
        self.daemon.wait_for_event("certificate_reloaded")
        wait_until("the new certificate", lambda: self.shown() == self.digest(self.second))

    def test_a_certificate_without_its_key_keeps_the_old_one(self):
        shutil.copytree(self.first, self.served)
        self.serve(self.served)
        shutil.copy(self.second / "tls.crt", self.served)
        event = self.daemon.wait_for_event("certificate_rejected")
        self.assertIn("does not match", event["reason"])
        self.assertEqual([event["not_after"], event["new_not_after"]], self.dates)
        self.assertEqual(self.shown(), self.digest(self.first))
        shutil.copy(self.second / "tls.key", self.served)
        self.daemon.wait_for_event("certificate_reloaded")
        wait_until("the new certificate", lambda: self.shown() == self.digest(self.second))

    def test_a_rejected_pair_is_told_with_its_own_dates(self):
        """And not with those of the route's other pair, which is fine."""
        other = Identity(self.folder, "other", key=("rsa:2048",), days=5)
        shutil.copytree(self.first, self.served)
        self.daemon = self.start_daemon(f"""
- name: secure
  listen: 127.0.0.1:0
  tls:
    certificates:
      - {{cert: {other.certificate}, key: {other.key}}}
      - {{cert: {self.served}/tls.crt, key: {self.served}/tls.key}}
  echo: true
""")
        self.daemon.address("secure")
        expected = {str(cert): not_after(cert) for cert in (other.certificate,
                                                            self.served / "tls.crt")}
        self.assertEqual(len(set(expected.values())), 2)
        shutil.copy(self.second / "tls.crt", self.served)
        other.key.write_text("nonsense", encoding="ascii")
        for cert, date in expected.items():
            event = self.daemon.wait_for_event("certificate_rejected", cert=cert)
            self.assertEqual(event["not_after"], date)

    def test_one_that_has_expired_is_told_of_at_the_start_and_when_it_comes(self):
        shutil.copytree(self.first, self.served)
        self.serve(self.served)
        expired = self.make_pair("expired", is_expired=True)
        shutil.copytree(expired, self.served, dirs_exist_ok=True)
        event = self.daemon.wait_for_event("certificate_expired")
        self.assertEqual(event["cert"], str(self.served / "tls.crt"))
        self.assertEqual(event["level"], "error")
        self.assertEqual(len(self.daemon.events("certificate_expired")), 1)
        self.assertEqual(self.daemon.stop(), 0)
        self.serve(self.served)
        self.daemon.wait_for_event("certificate_expired")

    def test_a_file_that_is_no_certificate_keeps_the_old_one(self):
        shutil.copytree(self.first, self.served)
        self.serve(self.served)
        (self.served / "tls.crt").write_text("nonsense", encoding="ascii")
        event = self.daemon.wait_for_event("certificate_rejected")
        self.assertEqual(event["new_not_after"], "unknown")
        self.assertEqual(self.shown(), self.digest(self.first))

    def test_a_reload_reads_them_at_once(self):
        shutil.copytree(self.first, self.served)
        self.serve(self.served)
        shutil.copytree(self.second, self.served, dirs_exist_ok=True)
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_for_event("reloaded")
        # Before the reload's own line, so that it is not the watch that has read them.
        self.assertEqual(len(self.daemon.events("certificate_reloaded")), 1)
        wait_until("the new certificate", lambda: self.shown() == self.digest(self.second))

    def test_a_reload_with_a_certificate_without_its_key_keeps_the_old_one(self):
        shutil.copytree(self.first, self.served)
        self.serve(self.served)
        shutil.copy(self.second / "tls.crt", self.served)
        self.daemon.signal(signal.SIGHUP)
        fault = self.daemon.wait_for_event("reload_failed", level="error")["fault"]
        self.assertRegex(fault, r'spillway\.yaml:\d+:\d+: route "secure": .*does not match')
        self.assertIn(str(self.served / "tls.key"), fault)
        self.assertEqual(self.shown(), self.digest(self.first))
        shutil.copy(self.second / "tls.key", self.served)
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_for_event("reloaded")
        wait_until("the new certificate", lambda: self.shown() == self.digest(self.second))
        self.assertEqual(len(self.daemon.events("reload_failed")), 1)

    def test_sessions_resume_across_a_reload_that_changes_nothing(self):
        self.serve(self.first)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with context.wrap_socket(self.connect(self.address)) as client:
            session = client.session
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_for_event("reloaded")
        with context.wrap_socket(self.connect(self.address), session=session) as client:
            self.assertTrue(client.session_reused)


class AuthoritiesFollowTheirFile(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.first, self.second = (self.make_identity(name) for name in ("first", "second"))
        self.served = self.folder / "served.pem"
        shutil.copy(self.first.certificate, self.served)
        self.listener, upstream = self.listen()
        self.daemon = self.start_daemon(PROXY % upstream, head=WATCHED)
        self.address = self.daemon.address("proxy")

    def make_identity(self, name: str) -> Identity:
        folder = self.folder / name
        folder.mkdir()
        return Identity(folder)

    def trusts(self, identity: Identity) -> bool:
        """Whether a server that is this one gets to a session."""
        client = self.connect(self.address)
        try:
            server = self.accept_tls(self.listener, identity.server_context())
        except ssl.SSLError:
            return False
        server.send(b"hello")
        return receive_exactly(client, 5) == b"hello"

    def assert_the_old_one_stays(self) -> None:
        self.assertTrue(self.trusts(self.first))
        self.assertFalse(self.trusts(self.second))

    def test_a_file_that_changes_is_read_again(self):
        self.assert_the_old_one_stays()
        shutil.copy(self.second.certificate, self.served)
        wait_until("the new authority", lambda: self.trusts(self.second))
        self.assertFalse(self.trusts(self.first))
        self.assertEqual(self.daemon.events("certificate_rejected"), [])

    def test_a_reload_reads_it_at_once(self):
        shutil.copy(self.second.certificate, self.served)
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_for_event("reloaded")
        # A loop that answers has taken on the change, and the watch has yet to see it rest.
        admin = self.daemon.admin()
        self.addCleanup(admin.close)
        self.assertEqual(admin.ask("/healthz").status, 200)
        self.assertTrue(self.trusts(self.second))
        self.assertFalse(self.trusts(self.first))

    def test_a_file_without_certificates_keeps_the_old_one(self):
        self.served.write_text("nonsense", encoding="ascii")
        event = self.daemon.wait_for_event("certificate_rejected", level="error")
        self.assertIn(f"{self.served}: ", event["reason"])
        self.assertFalse({"cert", "not_after", "new_not_after"} & set(event))
        self.assert_the_old_one_stays()
        self.daemon.signal(signal.SIGHUP)
        fault = self.daemon.wait_for_event("reload_failed", level="error")["fault"]
        self.assertIn(event["reason"], fault)
        self.assert_the_old_one_stays()
        shutil.copy(self.second.certificate, self.served)
        wait_until("the new authority", lambda: self.trusts(self.second))


def not_after(certificate: Path) -> str:
    shown = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-enddate"],
                           capture_output=True, text=True, timeout=60, check=True).stdout
    seconds = ssl.cert_time_to_seconds(shown.strip().removeprefix("notAfter="))
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    unittest.main()
