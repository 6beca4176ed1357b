-- The hash of all other files of this mod; written by python -m harness.mod.

return "db82c56d6047a0004749691a0a2faac3"
