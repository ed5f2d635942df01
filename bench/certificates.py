"""Certificates made for one run: every proxy serves the same ones."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "ecdsa": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "rsa": ["-newkey", "rsa:2048"],
}


@dataclass(frozen=True)
class Certificate:
    cert: Path
    key: Path
    both: Path  # key and certificate in one file, which some proxies want


def make_certificate(kind: str, folder: Path) -> Certificate:
    made = Certificate(folder / f"{kind}.crt", folder / f"{kind}.key", folder / f"{kind}.pem")
    command = ["openssl", "req", "-x509", *KINDS[kind], "-nodes", "-days", "2", "-subj",
               "/CN=localhost", "-keyout", str(made.key), "-out", str(made.cert)]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            timeout=60, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{result.stderr.strip()}")
    made.both.write_text(made.key.read_text() + made.cert.read_text(), encoding="ascii")
    return made
