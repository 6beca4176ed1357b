-- The hash of all other files of this mod; written by python -m harness.mod.

return "455849b5d28c86fce0b28d5b60b9597c"
