"""SMTP replies: the provider's as they came, and coldask's own in words a mail client shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """One SMTP reply (RFC 5321, 4.2): the code, and the text of each line without code and line end."""

    code: int
    lines: tuple[str, ...] = ("",)

    @property
    def positive(self) -> bool:
        """The server did it (2xx)."""
        return 200 <= self.code < 300

    @property
    def permanent(self) -> bool:
        """Trying the same again would not help (5xx)."""
        return self.code >= 500

    @property
    def text(self) -> str:
        """The lines joined, for showing to a person."""
        return " ".join(line for line in self.lines if line)

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()

    def wire(self) -> bytes:
        """As it goes over the wire, with the last line's end."""
        last = len(self.lines) - 1
        return b"".join(
            f"{self.code}{' ' if i == last else '-'}{line}\r\n".encode("utf-8", "surrogateescape")
            for i, line in enumerate(self.lines)
        )
