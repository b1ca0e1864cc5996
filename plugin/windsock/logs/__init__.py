"""Task logs as records: windows by byte offset, where the errors are, which one ended the try, search, and
how two tries differ. Memory is bounded."""
