"""The floor of every cold start: the SDK and one client. Prints seconds of wall clock and of CPU."""

import time

wall, cpu = time.perf_counter(), time.process_time()

import boto3  # noqa: E402

boto3.session.Session().client("dynamodb")
print(time.perf_counter() - wall, time.process_time() - cpu)
