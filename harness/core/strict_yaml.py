"""YAML as people write it into files of ours: safe, and without a key that is there twice.

YAML's own loader keeps the last of two equal keys and says nothing, so a setting that somebody reads at the top of a
file may not be the one that holds.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """As `yaml.SafeLoader`, but a key may be there once only; what `<<` brings in may be written over."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                continue
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is there twice; take one out", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_yaml(text: str) -> Any:
    """What a YAML text holds.

    Raises:
        yaml.YAMLError: it is no YAML, or has a key twice; the message names the line.
    """
    return yaml.load(text, _Loader)
