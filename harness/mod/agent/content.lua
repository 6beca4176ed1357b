-- The hash of all other files of this mod; written by python -m harness.mod.

return "c2f9506382dab19cc2554cd5d7afc995"
