-- The hash of all other files of this mod; written by python -m harness.mod.

return "bdaf6409656bb5a6165095946cc5e7d8"
