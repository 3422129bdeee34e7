"""What every word is: a frozen pydantic type that refuses fields it does not know."""

from pydantic import BaseModel, ConfigDict


class Word(BaseModel):
    """A value: equal by its fields, never changed after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")
