-- The hash of all other files of this mod; written by python -m harness.mod.

return "bfdf9f9b9553154a07fa53c30a8b0d7d"
