-- The hash of all other files of this mod; written by python -m harness.mod.

return "7de32b31b8505a47f29cc21306b22465"
