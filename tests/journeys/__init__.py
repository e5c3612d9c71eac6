"""Stories across the whole running system: a member's month, crashes, a forgetful broker, races, wrong doors.

Real processes and engines, real credentials, through the gateway. `mutual` is the office, `phones` what
members were told by SMS; what must be so in the books is looked up there, and `verify` has the last word.
"""
