"""The store on one DynamoDB table. Keys and attribute names are in ``keys`` and ``records``."""
