"""What members are told by SMS, and what they answer.

- `contacts/` whom to tell, where and in which language: kept from what the registry announces
- `wording/` templates and their size
- `telling/` each event that concerns a member becomes one message, once
- `sending/` messages go to the SMS gateway, signed and retried
- `inbound/` what members write, and who wants fewer messages
- here: the messages themselves, to read, to count and to send again

A message is `queued`, then `sent` (the SMS gateway has taken it), then `delivered` or `failed`; it is
`unknown` when nobody can say whether it was taken. What a receipt says only moves it forward.
"""
