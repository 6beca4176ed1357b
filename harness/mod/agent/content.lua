-- The hash of all other files of this mod; written by python -m harness.mod.

return "700371137712cbeac2918dfe4c09d26a"
