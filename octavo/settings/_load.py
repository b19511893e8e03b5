"""Reading the settings: octavo.toml, then environment variables, then what the command line says. Later wins."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import msgspec

from octavo.settings._describe import is_secret, variable_name
from octavo.settings._settings import Settings, packages

FILE_NAME = "octavo.toml"
DEFAULT_DATA_DIR = Path("octavo-data")
# Names that other tools agree on, read when our own variable is not set.
ALIASES = {"OCTAVO_DB_URL": "DATABASE_URL"}


class SettingsInvalid(Exception):
    """One or more settings are wrong; `errors` holds a sentence per variable name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        lines = "\n".join(f"  {name}: {reason}" for name, reason in self.errors.items())
        super().__init__(f"Octavo's settings need attention:\n{lines}")


def load_settings(
    data_dir: Path | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    **overrides: Mapping[str, Any],
) -> Settings:
    """The settings of this process. `overrides` are per package: `load_settings(http={"port": 0})`.

    Raises SettingsInvalid with every wrong setting at once.
    """
    directory = (data_dir or Path(environ.get("OCTAVO_DATA_DIR") or DEFAULT_DATA_DIR)).expanduser().absolute()
    errors: dict[str, str] = {}
    written = _read_file(directory, errors)
    values: dict[str, Any] = {}
    for package, kind in packages().items():
        given = {
            **_from_file(package, kind, written, errors),
            **_from_environment(package, kind, environ, errors),
            **overrides.get(package, {}),
        }
        values[package] = _convert_package(package, kind, given, errors)
    for name in overrides.keys() - packages().keys():
        errors[name] = "there is no such group of settings"
    if errors:
        raise SettingsInvalid(errors)
    return Settings(data_dir=directory, **values)


def _read_file(directory: Path, errors: dict[str, str]) -> dict[str, Any]:
    path = next((p for p in (directory / FILE_NAME, Path.cwd() / FILE_NAME) if p.is_file()), None)
    if path is None:
        return {}
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        errors[str(path)] = f"cannot be read: {error}"
        return {}
    for name, group in written.items():
        if name not in packages():
            errors[f"[{name}]"] = f"there is no such group of settings ({path})"
        elif not isinstance(group, dict):
            errors[name] = f"must be a table, written as [{name}] ({path})"
    return {name: group for name, group in written.items() if isinstance(group, dict)}


def _from_file(
    package: str, kind: type[msgspec.Struct], written: Mapping[str, Any], errors: dict[str, str]
) -> dict[str, Any]:
    group: dict[str, Any] = written.get(package, {})
    for name in group.keys() - set(kind.__struct_fields__):
        errors[variable_name(package, name)] = f"there is no such setting ({FILE_NAME})"
    return {name: value for name, value in group.items() if name in kind.__struct_fields__}


def _from_environment(
    package: str, kind: type[msgspec.Struct], environ: Mapping[str, str], errors: dict[str, str]
) -> dict[str, Any]:
    variables = {variable_name(package, field): field for field in kind.__struct_fields__}
    for name in environ:
        if name.startswith(variable_name(package, "")) and name not in variables:
            errors[name] = "there is no such setting"
    hints = get_type_hints(kind)
    found: dict[str, Any] = {}
    for variable, field in variables.items():
        text = environ.get(variable, environ.get(ALIASES.get(variable, ""), None))
        if text is not None:
            found[field] = _split(text) if get_origin(hints[field]) in _SEQUENCES else text
    return found


_SEQUENCES = (tuple, list, set, frozenset)


def _split(text: str) -> list[str]:
    """A list in one variable: items between commas."""
    return [item.strip() for item in text.split(",") if item.strip()]


def _convert_package(
    package: str, kind: type[msgspec.Struct], given: Mapping[str, Any], errors: dict[str, str]
) -> msgspec.Struct:
    """Convert field by field, because msgspec itself stops at the first error."""
    hints = get_type_hints(kind, include_extras=True)
    values: dict[str, Any] = {}
    for field, value in given.items():
        name = variable_name(package, field)
        if field not in hints:
            errors[name] = "there is no such setting"
            continue
        try:
            values[field] = msgspec.convert(value, hints[field], strict=False, dec_hook=_decode)
        except msgspec.ValidationError as error:
            shown = "its value is secret" if is_secret(hints[field]) else f"it is {value!r}"
            errors[name] = f"{_sentence(error)} ({shown})"
    try:
        return kind(**values)
    except ValueError as error:
        # A struct's own check of several fields together.
        errors[f"OCTAVO_{package.upper()}_*"] = str(error)
        return kind()


def _decode(kind: type, value: Any) -> Any:
    if issubclass(kind, Path) and isinstance(value, str | Path):
        return Path(value).expanduser()
    raise NotImplementedError(f"settings of type {kind.__name__} are not understood")


def _sentence(error: msgspec.ValidationError) -> str:
    text = str(error)
    return text[0].lower() + text[1:]
