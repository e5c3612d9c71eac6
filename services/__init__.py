"""The services of the trade, and the kernel that they share.

`registry`, `contributions` and `benefits` never import each other; each may import `kit`.
"""
