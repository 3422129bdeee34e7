"""How much of a mail is looked at. Whatever the bytes, reading stays under 2 seconds and 300 MB."""

HEADER_BYTES = 4_000_000  # of one header block; room for 50,000 addresses
FIELDS = 1_000  # header fields of one block
FIELD_BYTES = 256_000  # of one field that are decoded
FIELD_CHARACTERS = 10_000  # of one field that are kept in `Mail.headers`
HEADERS_CHARACTERS = 400_000  # of all fields together that are kept
ENCODED_WORDS = 2_000  # in one field (RFC 2047)
ADDRESSES = 2_000  # in all fields of one name; the envelope counts recipients, not the header
MESSAGE_ID = 2_000  # characters; longer is no identifier
REFERENCES = 200  # Message-IDs of one thread
PARAMETERS = 200  # of one Content-Type or Content-Disposition
PARTS = 1_000  # MIME parts looked at
BOUNDARIES = 50_000  # lines that look like a boundary, in the whole mail
DEPTH = 40  # parts within parts
TEXT_BYTES = 2_000_000  # of one text part, as transferred
TEXT_CHARACTERS = 400_000  # of the whole text
TAGS = 150_000  # HTML nodes walked
ATTACHMENTS = 200
LOOKS = 5  # attachments looked into
LOOK_BYTES = 3_000_000  # an attachment larger than this, as transferred, is not looked into
LOOK_CHARACTERS = 4_000  # of an attachment's text that are kept
MEMBERS = 500  # files in a zip container
INFLATED_BYTES = 400_000  # of a zip member
