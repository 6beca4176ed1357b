-- The hash of all other files of this mod; written by python -m harness.mod.

return "7d177bc6faa418906eee37470431f553"
