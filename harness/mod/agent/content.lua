-- The hash of all other files of this mod; written by python -m harness.mod.

return "b5256cb1bbb66d71dddbf0efaab87ef8"
