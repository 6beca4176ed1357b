-- The hash of all other files of this mod; written by python -m harness.mod.

return "240cfc62a84df695080280ef25b5433b"
