"""Phone reviews: another person looks at a phone that several members share, and lets it stand.

Poor families share phones; so do frauds (DOMAIN §5). Whose phone is wrong has it changed instead.
"""
