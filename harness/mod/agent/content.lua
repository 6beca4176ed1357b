-- The hash of all other files of this mod; written by python -m harness.mod.

return "0a4f4f62e5331b15849a9cbf2b9a713f"
