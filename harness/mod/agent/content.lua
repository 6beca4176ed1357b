return "unset"
