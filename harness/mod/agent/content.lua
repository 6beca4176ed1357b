-- The hash of all other files of this mod; written by python -m harness.mod.

return "436639ce1e16f436238a4c8026e70971"
