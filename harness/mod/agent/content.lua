-- The hash of all other files of this mod; written by python -m harness.mod.

return "3f2f0bd3d0665be16207574ac4d2e97e"
