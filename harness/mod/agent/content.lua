-- The hash of all other files of this mod; written by python -m harness.mod.

return "a75534929b5b5d46a762c8962d589383"
