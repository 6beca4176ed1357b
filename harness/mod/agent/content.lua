-- The hash of all other files of this mod; written by python -m harness.mod.

return "112e10a273db9975c4a963b6a4966f3c"
