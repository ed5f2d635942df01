"""A certificate for localhost, made when the test runs so that it never expires in the tree."""

import ssl
import subprocess
from pathlib import Path
from typing import Sequence


class Identity:
    """Signs itself: a client that is given `certificate` trusts it, and it alone."""

    def __init__(self, folder: Path, name: str = "localhost", days: int = 2,
                 key: Sequence[str] = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")) -> None:
        self.name = name
        self.certificate = folder / f"{name}.crt"
        self.key = folder / f"{name}.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", *key,
             "-nodes", "-days", str(days), "-subj", f"/CN={name}",
             "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1",
             "-keyout", str(self.key), "-out", str(self.certificate)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)

    @property
    def config(self) -> str:
        """What a route has under `tls`."""
        return f"{{certificates: [{{cert: {self.certificate}, key: {self.key}}}]}}"

    def expire(self) -> None:
        """Signs the certificate anew, at its end already when it begins: an end before the beginning is
        what OpenSSL 3.5 refuses to sign."""
        subprocess.run(
            ["openssl", "x509", "-in", str(self.certificate), "-signkey", str(self.key),
             "-days", "0", "-out", str(self.certificate)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)

    def server_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))
