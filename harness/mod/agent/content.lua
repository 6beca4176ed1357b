-- The hash of all other files of this mod; written by python -m harness.mod.

return "e3f5baccf595a87d07b540b6eab11650"
