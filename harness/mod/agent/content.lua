-- The hash of all other files of this mod; written by python -m harness.mod.

return "250543726e6c972b18df58e5ac89b089"
