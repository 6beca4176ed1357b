-- The hash of all other files of this mod; written by python -m harness.mod.

return "d5f05bfba121f5bb2435c4d4de3be274"
