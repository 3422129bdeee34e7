"""The doctor: looks at everything coldask stands on, changes nothing, and says what to do about the rest."""

from proxy.doctor.examine import examine
from proxy.doctor.line import Level, Line

__all__ = ["Level", "Line", "examine"]
