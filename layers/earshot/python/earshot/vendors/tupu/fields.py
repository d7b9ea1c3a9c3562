"""Names of the wire that several modules read. Standard library only: the webhook imports it."""

REQUEST_ID = "requestId"
"""The vendor's id of a task, in answers, in what is closed, and in every slice of a callback."""
SLICE_START, SLICE_END = "sliceStartTime", "sliceEndTime"
OUR_TASK = ("forumId", "dataId")
"""What we said as ``forumId`` (the page's own example shows the second name)."""
