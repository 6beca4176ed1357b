-- The hash of all other files of this mod; written by python -m harness.mod.

return "23b8448dbb45ac64e570dc83e70fe0e3"
