-- The hash of all other files of this mod; written by python -m harness.mod.

return "ede701e339227d713763ccee24170f93"
