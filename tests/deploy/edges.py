"""The configurations of deploy/, started as they are but for addresses and folders."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from octavo.kernel.processes import die_with_parent
from tests.harness.addresses import port_of_its_own
from tests.tidy.house import ROOT

DEPLOY = ROOT / "deploy"
PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
NGINX, VARNISH = shutil.which("nginx", path=PLACES), shutil.which("varnishd", path=PLACES)
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
needs_varnish = pytest.mark.skipif(VARNISH is None, reason="varnish is not installed")
START_SECONDS = 60
MAIN = """\
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    types {{ }}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/octavo.conf;
}}
"""


@contextmanager
def nginx(name: str, folder: Path, origin: str, **replaced: str) -> Iterator[str]:
    """Gives the address of nginx with deploy/nginx/<name> in front of `origin`."""
    assert NGINX is not None
    folder.mkdir()
    with port_of_its_own() as port:
        changes = {
            "127.0.0.1:8420": urlsplit(origin).netloc,
            "listen 80;": f"listen 127.0.0.1:{port};",
            "/var/log/nginx/octavo.log": f"{folder}/access.log",
            "/var/cache/nginx/octavo": f"{folder}/cache",
            **replaced,
        }
        (folder / "octavo.conf").write_text(_changed(DEPLOY / "nginx" / name, changes))
        (folder / "cache").mkdir()
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
        command = [NGINX, "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
        with _running(command, folder, port):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def varnish(folder: Path, origin: str) -> Iterator[str]:
    """Gives the address of Varnish with deploy/varnish/octavo.vcl in front of `origin`."""
    assert VARNISH is not None
    at = urlsplit(origin)
    folder.mkdir()
    changes = {'.port = "8420"': f'.port = "{at.port}"', '"127.0.0.1"': f'"{at.hostname}"'}
    (folder / "octavo.vcl").write_text(_changed(DEPLOY / "varnish" / "octavo.vcl", changes))
    storage = ["-s", "default,64m", "-n", str(folder / "work"), "-j", "none"]
    with port_of_its_own() as port:
        command = [VARNISH, "-F", "-a", f"127.0.0.1:{port}", "-f", str(folder / "octavo.vcl"), *storage]
        with _running(command, folder, port):
            yield f"http://127.0.0.1:{port}"


def _changed(path: Path, changes: dict[str, str]) -> str:
    text = path.read_text()
    for before, after in changes.items():
        text = text.replace(before, after)
    return text


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / "stderr.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=die_with_parent())
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            assert process.poll() is None, (folder / "stderr.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
