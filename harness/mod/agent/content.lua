-- The hash of all other files of this mod; written by python -m harness.mod.

return "624f22a088e3e91714c3cff1d88a7f29"
