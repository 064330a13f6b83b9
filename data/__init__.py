"""The floor: words, records, settings, pseudonyms and the store."""
