"""Names of the container images that belong to this version of the harness."""

from __future__ import annotations

from harness.mod import mod_hash

IMAGES = ("simulator", "factorio")
"""What `images/` builds."""


def version_tag() -> str:
    """The tag that `images/build` gives: an image holds the agent mod, so its content names it."""
    return mod_hash()[:12]


def reference(image: str) -> str:
    """The image meant by a setting: one of `IMAGES` in this version's build, or a reference as it stands."""
    return f"factorio-harness/{image}:{version_tag()}" if image in IMAGES else image
