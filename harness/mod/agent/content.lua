-- The hash of all other files of this mod; written by python -m harness.mod.

return "6d72bd1b2ecb60d162c28344987e8f7e"
