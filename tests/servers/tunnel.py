"""An engine as it looks from another machine: its own socket behind TLS on an address that is not the loopback's."""

import os
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

_PATIENCE_S = 5.0
_CHUNK = 1 << 16


def write_certificates(folder: Path, address: str) -> None:
    """What Docker's TLS asks for on both sides: an authority, and one certificate for the engine and its client."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    authority = ["-CA", folder / "ca.pem", "-CAkey", folder / "ca-key.pem"]
    for name, more in (
        ("ca", ["-subj", "/CN=authority"]),
        ("server", [*authority, "-subj", "/CN=engine", "-addext", f"subjectAltName=IP:{address}"]),
        ("client", [*authority, "-subj", "/CN=client"]),
    ):
        files = ["-keyout", folder / f"{name}-key.pem", "-out", folder / f"{name}.pem"]
        subprocess.run(["openssl", "req", "-x509", *key, *files, *more], check=True, capture_output=True)
    (folder / "client.pem").rename(folder / "cert.pem")
    (folder / "client-key.pem").rename(folder / "key.pem")


class Tunnel:
    """Hands connections on to the engine of `DOCKER_HOST` while its block lasts.

    Args:
        address: where it listens.
        certificates: folder of `write_certificates`; only who has the client's is let in.
    """

    def __init__(self, address: str, certificates: Path) -> None:
        self._engine = urlsplit(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificates / "server.pem", certificates / "server-key.pem")
        self._tls.load_verify_locations(certificates / "ca.pem")
        self._tls.verify_mode = ssl.CERT_REQUIRED
        self._listener = socket.create_server((address, 0))
        self.port = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()

    def __enter__(self) -> "Tunnel":
        self._begin(self._accept)
        return self

    def __exit__(self, *reason: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def _begin(self, work, *arguments) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                self._begin(self._serve, accepted)

    def _serve(self, accepted: socket.socket) -> None:
        try:
            client = self._tls.wrap_socket(accepted, server_side=True)
        except OSError:
            accepted.close()
            return
        with client, self._connected() as engine:
            self._open |= {client, engine}
            back = threading.Thread(target=_pump, args=(engine, client), daemon=True)
            back.start()
            _pump(client, engine)
            back.join()
            self._open -= {client, engine}

    def _connected(self) -> socket.socket:
        if self._engine.scheme != "unix":
            return socket.create_connection((self._engine.hostname, self._engine.port))
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(self._engine.path)
        return engine


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Hands on what comes until either side ends."""
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
