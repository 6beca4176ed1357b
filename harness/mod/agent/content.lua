-- The hash of all other files of this mod; written by python -m harness.mod.

return "18f541351772fbb5c2cbb93ff71d9d79"
