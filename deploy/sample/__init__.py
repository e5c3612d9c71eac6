"""Synthetic data to try the system with: rosters of people who do not exist.

Nobody here can be mistaken for somebody: surnames are trees, birds, stones and weather of the
Caribbean, cédulas begin with 999, passports with SYN, and every phone has an exchange that begins
with 0 or 1, which the North American numbering plan gives to no one, so that no message can reach a
stranger even if a sample meets a real SMS gateway.

    from deploy.sample.roster import write_roster

Nothing is imported here: the command line imports `deploy.sample.command` whenever it starts.
"""
