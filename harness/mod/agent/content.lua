-- The hash of all other files of this mod; written by python -m harness.mod.

return "93f349ecda53718bc909cd439cd8e6f4"
