"""What an operator does to a deployed stack, one command each: ``make redrive``, ``make restart``."""
