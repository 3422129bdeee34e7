"""The words: frozen types that every part of coldask speaks in. No input or output, no decisions."""
