-- The hash of all other files of this mod; written by python -m harness.mod.

return "e393a78b53880d52793e69ceef21ee98"
