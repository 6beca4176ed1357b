-- The hash of all other files of this mod; written by python -m harness.mod.

return "6144163a1027203d91b4f87e0170d80a"
