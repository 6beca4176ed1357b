-- The hash of all other files of this mod; written by python -m harness.mod.

return "18f270248f0c80d805bfc30c29847e75"
