"""Pure rules and models: no boto3, no requests, no clock, no environment."""
