"""Commands that write data files of this tree anew."""
