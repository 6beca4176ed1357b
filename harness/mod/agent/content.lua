-- The hash of all other files of this mod; written by python -m harness.mod.

return "aa24865fb3f253c51eeafad81b7645f7"
