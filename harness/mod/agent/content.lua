-- The hash of all other files of this mod; written by python -m harness.mod.

return "e58220a26719906e80d79f76173c46e1"
