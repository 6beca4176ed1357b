-- The hash of all other files of this mod; written by python -m harness.mod.

return "a862aad30807b554f056e7fad0f65b04"
