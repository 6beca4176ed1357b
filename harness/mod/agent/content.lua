-- The hash of all other files of this mod; written by python -m harness.mod.

return "6ab098bef86c88a20dc817667a738f50"
