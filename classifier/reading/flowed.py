"""format=flowed (RFC 3676): soft line breaks undone, so that a sentence stands on one line."""


def unflow(text: str, delsp: bool) -> str:
    """The text with its flowed lines joined; quoted lines keep one "> " a level."""
    out: list[list[str]] = []
    open_depth = -1  # quote depth of the paragraph being joined; -1: none
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        if body.startswith(" "):
            body = body[1:]  # space-stuffing
        flows = body.endswith(" ") and body != "-- "
        if open_depth == depth and body != "-- ":
            out[-1].append(body)
        else:
            out.append(["> " * depth, body])
        if flows and delsp:
            out[-1][-1] = out[-1][-1][:-1]
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in out)
