-- The hash of all other files of this mod; written by python -m harness.mod.

return "c673a0b41066812379526579fc5355bc"
