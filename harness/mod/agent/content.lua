-- The hash of all other files of this mod; written by python -m harness.mod.

return "cf9ae6a3a42f4492caaf71ded6418171"
