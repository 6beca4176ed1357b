-- The hash of all other files of this mod; written by python -m harness.mod.

return "d97e59dfef69be2e31cec0aa15bfff0b"
