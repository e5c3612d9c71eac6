"""How fast it is, beside what the same server can do at most. Run it with `make bench`.

Each figure stands beside its floor from the same run on the same PostgreSQL: a `pgbench`, a raw insert
of the same rows, a plain route. fsync and synchronous_commit are on in every arm. Before a figure is
written, the bench checks that the work was done.
"""
