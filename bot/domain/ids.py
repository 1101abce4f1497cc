"""What names things: one type an id, so that one is never taken for another."""

from typing import NewType

IncidentId = NewType("IncidentId", int)

AlertId = NewType("AlertId", str)

GroupId = NewType("GroupId", str)

UserId = NewType("UserId", str)

ChannelId = NewType("ChannelId", str)

MessageTs = NewType("MessageTs", str)

ServiceName = NewType("ServiceName", str)

SourceName = NewType("SourceName", str)
