"""./dev, the one command for people: what it says to mistakes, and what it asks for where it may not help itself."""

import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.tidy.house import ROOT

VERBS = ("demo", "test", "check", "bench", "ui", "run")


def dev(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "dev"), *words], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def loaded() -> ModuleType:
    """The script as a module, so that one of its steps can be taken alone."""
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("words", [(), ("help",), ("--help",), ("-h",)])
def test_asked_for_help_it_tells_every_verb(words: tuple[str, ...]) -> None:
    told = dev(*words)
    assert (told.returncode, told.stderr) == (0, "")
    assert [line.split()[1] for line in told.stdout.splitlines()] == list(VERBS)


def test_an_unknown_verb_is_a_mistake_and_shows_the_usage() -> None:
    told = dev("launch")
    assert told.returncode == 2
    assert told.stdout == dev().stdout


def test_it_can_be_run_as_it_is() -> None:
    assert os.access(ROOT / "dev", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert (ROOT / "dev").read_text().startswith("#!/usr/bin/env python3\n")


@pytest.mark.slow
def test_it_makes_the_octavo_command(loaded: ModuleType) -> None:
    loaded.link()
    told = subprocess.run([ROOT / ".venv" / "bin" / "octavo", "--help"], capture_output=True, text=True, check=True)
    assert "migrate" in told.stdout


@pytest.mark.slow
def test_an_unknown_bench_is_named() -> None:
    told = dev("bench", "nothing-like-it")
    assert told.returncode != 0
    assert "Traceback" not in told.stderr
    assert "nothing-like-it" in told.stdout + told.stderr


def test_who_may_not_install_a_browser_is_told_the_command(
    loaded: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as ended:
        loaded.browser()
    assert ended.value.code == 2
    assert "sudo apt-get install -y --no-install-recommends chromium" in capsys.readouterr().err


def test_who_has_a_browser_is_asked_for_nothing(loaded: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    loaded.browser()


def test_a_step_that_fails_ends_with_one_sentence(loaded: ModuleType) -> None:
    with pytest.raises(loaded.Failed, match="Not passed: the weather"):
        loaded.step("the weather", sys.executable, "-c", "raise SystemExit(3)")


@pytest.mark.slow
@pytest.mark.parametrize(("refused", "mark", "code"), [("", "slow", 0), ("1", "slow", 1), ("1", "borrowed", 0)])
def test_where_nothing_may_be_left_out_a_skipped_test_fails_the_run(
    refused: str, mark: str, code: int, tmp_path: Path
) -> None:
    (tmp_path / "test_left_out.py").write_text(
        f"import pytest\n\n@pytest.mark.{mark}\ndef test_it():\n    pytest.skip('for no reason')\n"
    )
    words = ["-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest", "-n", "0", str(tmp_path)]
    environment = {**os.environ, "OCTAVO_TESTS_REFUSE_SKIPS": refused}
    run = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environment, capture_output=True)
    assert run.returncode == code
    assert "OCTAVO_TESTS_REFUSE_SKIPS=1" in (ROOT / ".ci" / "run").read_text()
