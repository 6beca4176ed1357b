"""What every other package stands on: errors, hashes, seed streams, files and the plain records that cross packages."""
