-- The hash of all other files of this mod; written by python -m harness.mod.

return "e8c45329ba4ea62c0c48daa2c0411e97"
