namespace BitArk.Replication.Messages;

/// <summary>The number of a message in its own bytes, so that bytes under a wrong manifest are recognised. Never reused.</summary>
internal enum MessageKind : byte
{
    Prepare = 1,
    Promise = 2,
    PrepareRefused = 3,
    PullFrom = 4,
    StreamFrom = 5,
    TruncateTo = 6,
    NeedFullSync = 7,
    WrongEpoch = 8,
    ReplicateBatch = 9,
    Heartbeat = 10,
    Ack = 11,
    Nack = 12,
    Lead = 13,
    HandOver = 14,
    HandOverReady = 15,
}
