-- The hash of all other files of this mod; written by python -m harness.mod.

return "a4d2e953d3b9f087b3b91606957511f7"
