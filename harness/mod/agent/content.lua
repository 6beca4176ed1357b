-- The hash of all other files of this mod; written by python -m harness.mod.

return "78c4ce7e4aa1a2ef07eef174b1112450"
