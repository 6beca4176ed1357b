-- The hash of all other files of this mod; written by python -m harness.mod.

return "cb1689d6346a12f8f5e9cd7f6d9ed302"
