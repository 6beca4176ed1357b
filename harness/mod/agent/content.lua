-- The hash of all other files of this mod; written by python -m harness.mod.

return "9a7196285f9f6e985dc8d31c359100e9"
