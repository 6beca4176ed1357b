-- The hash of all other files of this mod; written by python -m harness.mod.

return "0a1641b69719fd093f9220fda5b706ee"
