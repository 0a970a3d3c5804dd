"""What a call to the Messages API costs: the price table, the usage and the arithmetic.

Pure: nothing is read but the table that ships with the package and, when asked for, the user's own
prices. Amounts are whole picodollars (see `money`), so sums are exact in any order.
"""
