-- The hash of all other files of this mod; written by python -m harness.mod.

return "7a9ff1d3b2795de3fdd0c3a9d895c387"
