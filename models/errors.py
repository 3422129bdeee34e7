"""The errors coldask raises on purpose, each with a sentence for the user and the exit code it ends in.

ColdaskError                 exit 1 is never an error: it is `check` saying "would be held / filed"
├── UsageError               2  the command line, or a file that is not there
│   └── ConfigError          2  the configuration: file, key, what is wrong, what to write instead
└── OutsideError             3  the world did not do what was asked of it
    ├── StoreError           3  the store is locked, damaged, or newer than this coldask
    ├── SecretError          3  a password or token could not be had
    ├── ProviderError        3  the provider's SMTP server
    │   └── LoginRefused     3  … refused the account's login
    └── MailboxError         3  the provider's IMAP server
        └── MailboxRefused   3  … refused the account's login
"""


class ColdaskError(Exception):
    """A failure with words for the user. `str(error)` is one readable sentence, without a traceback."""

    exit_code = 2


class UsageError(ColdaskError):
    """The command was called in a way that cannot work, or names a file that is not there."""


class ConfigError(UsageError):
    """The configuration cannot be used. The sentence names file, key, what is wrong and what to write."""


class OutsideError(ColdaskError):
    """Something outside coldask failed."""

    exit_code = 3


class StoreError(OutsideError):
    """The store cannot be used: locked by another process, damaged, or written by a newer coldask."""


class SecretError(OutsideError):
    """A password or token could not be had. The sentence never holds the secret."""


class SecretMissing(SecretError):
    """It is not where the configuration says: trying again does not help before somebody has put it there."""


class ProviderError(OutsideError):
    """The provider's SMTP server could not be reached or did not keep to the protocol."""


class LoginRefused(ProviderError):
    """The provider's SMTP server refused the account's login."""


class MailboxError(OutsideError):
    """The provider's IMAP server could not be reached, refused the login, or did not do what was asked."""


class MailboxRefused(MailboxError):
    """The provider's IMAP server refused the account's login: trying again at once would lock it out."""
