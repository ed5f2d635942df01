#!/usr/bin/env python3
"""Certificates are read again when their files change, whichever way they change, and by a reload.
A pair that does not fit keeps the old one."""

import hashlib
import os
import shutil
import signal
import ssl
import subprocess
import unittest
from datetime import datetime, timezone
from pathlib import Path

from harness import SpillwayTest, wait_until
from harness.identity import Identity

ROUTE = """
- name: secure
  listen: 127.0.0.1:0
  tls: {certificates: [{cert: %s/tls.crt, key: %s/tls.key}]}
  echo: true
"""


class CertificatesFollowTheirFiles(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.served = self.folder / "served"
        self.first = self.make_pair("first")
        self.second = self.make_pair("second")

    def make_pair(self, name: str, is_expired: bool = False) -> Path:
        folder = self.folder / name
        folder.mkdir()
        identity = Identity(folder)
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
        self.assertRegex(event["not_after"], r"^\d{4}-\d\d-\d\dT[\d:]{8}Z$")
        self.assertRegex(event["previous_not_after"], r"^\d{4}-\d\d-\d\dT[\d:]{8}Z$")
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
        self.assertIn("not_after", event)
        self.assertIn("new_not_after", event)
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
        wait_until("the new certificate", lambda: self.shown() == self.digest(self.second))

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


def not_after(certificate: Path) -> str:
    shown = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-enddate"],
                           capture_output=True, text=True, timeout=60, check=True).stdout
    seconds = ssl.cert_time_to_seconds(shown.strip().removeprefix("notAfter="))
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    unittest.main()
