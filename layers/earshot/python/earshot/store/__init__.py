"""What is kept: DynamoDB, and an in-memory twin that one contract suite proves equal to it."""
