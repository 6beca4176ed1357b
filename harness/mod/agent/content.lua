-- The hash of all other files of this mod; written by python -m harness.mod.

return "ba41029ebd6bfa8970c4ea7072b20911"
