-- The hash of all other files of this mod; written by python -m harness.mod.

return "0aa4048880c03b8f1c286e8f96e1127b"
