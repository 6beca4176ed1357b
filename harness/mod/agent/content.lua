-- The hash of all other files of this mod; written by python -m harness.mod.

return "fdaab16211eb788fac49a1c84a47ce96"
