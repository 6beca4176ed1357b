-- The hash of all other files of this mod; written by python -m harness.mod.

return "81589cde26acaee3d0390a3e799c1e29"
