-- The hash of all other files of this mod; written by python -m harness.mod.

return "917dc65ed9afd4ed6475c71ac3c9c348"
