-- The hash of all other files of this mod; written by python -m harness.mod.

return "fa5aa5bcea9573ae418b874a0df939e5"
