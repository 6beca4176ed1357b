-- The hash of all other files of this mod; written by python -m harness.mod.

return "fdf523af4f5b788b8602864d86e118e4"
