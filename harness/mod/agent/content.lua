-- The hash of all other files of this mod; written by python -m harness.mod.

return "9652c84cea43b384adbd80a1c58fb534"
