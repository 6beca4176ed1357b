-- The hash of all other files of this mod; written by python -m harness.mod.

return "a1a7f7253f8e4638ba18bce8d448019f"
