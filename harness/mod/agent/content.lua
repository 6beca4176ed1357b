-- The hash of all other files of this mod; written by python -m harness.mod.

return "da5ff36c806d7984ad60c108a87f60ca"
