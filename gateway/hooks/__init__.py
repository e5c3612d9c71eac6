"""Webhooks coming in: each signed as Standard Webhooks says, and harmless when it comes again.

- `signed.py` whose body this is: signature and time are checked before anything is read
- `sms.py` what the SMS gateway reports: receipts, and what members write
"""
