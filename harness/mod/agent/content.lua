-- The hash of all other files of this mod; written by python -m harness.mod.

return "b4cfbaeac42c4e4eea89178f2de8d6de"
