"""The sections that the studio comes with. A site's own app has a module of this name for its own."""

from portico.studio.blocks import lists, proof, words

__all__ = ["lists", "proof", "words"]
