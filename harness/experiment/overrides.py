"""Keys of an experiment changed for one run: `budget.samples=20`, with values as YAML writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from harness.core.errors import ConfigError


def with_overrides(data: dict[str, Any], overrides: Iterable[str]) -> dict[str, Any]:
    """The data of an experiment with `key.key=value` put in, the later ones last; `data` is left as it is.

    Whether a key exists and a value fits is for the check of the whole experiment to say.

    Raises:
        ConfigError: an override has not that form, or goes into something that has no keys.
    """
    changed = dict(data)
    for override in overrides:
        path, equals, text = override.partition("=")
        keys = path.strip().split(".")
        if not equals or not all(keys):
            raise ConfigError(f"override: expected KEY=VALUE such as budget.samples=20, got {override!r}")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ConfigError(f"override {path}: expected a value in YAML, got {text!r}") from error
        section = changed
        for index, key in enumerate(keys[:-1]):
            inner = section.get(key)
            if inner is not None and not isinstance(inner, dict):
                here = ".".join(keys[: index + 1])
                raise ConfigError(f"override {path}: expected {here} to have keys of its own, got {inner!r} there")
            section[key] = dict(inner or {})
            section = section[key]
        section[keys[-1]] = value
    return changed
