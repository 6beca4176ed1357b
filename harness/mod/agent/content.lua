-- The hash of all other files of this mod; written by python -m harness.mod.

return "acaa44b6d9c6bd95398ae707f65863e4"
