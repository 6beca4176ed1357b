-- The hash of all other files of this mod; written by python -m harness.mod.

return "96b4419c202b2a9878ce902f6536d689"
