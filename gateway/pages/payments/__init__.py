"""Taking a payment at the counter, and the receipt that the member takes home."""
