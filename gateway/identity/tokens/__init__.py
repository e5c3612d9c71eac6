"""Access tokens: made for whom they speak for, and refused when that one is no longer trusted."""
