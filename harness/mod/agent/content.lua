-- The hash of all other files of this mod; written by python -m harness.mod.

return "23ffc1a847f7b521b55c51063964c3dd"
