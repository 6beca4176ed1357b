-- The hash of all other files of this mod; written by python -m harness.mod.

return "19684e9ab2278ad79d1339cc842e957d"
