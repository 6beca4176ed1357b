-- The hash of all other files of this mod; written by python -m harness.mod.

return "8a997e8743930a212129de956fd08c31"
