-- The hash of all other files of this mod; written by python -m harness.mod.

return "d6bfb0e4ad6859028f256ccd10579493"
