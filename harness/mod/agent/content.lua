-- The hash of all other files of this mod; written by python -m harness.mod.

return "92d103211d2d897333c406bd616a1e60"
