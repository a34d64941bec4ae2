namespace BitArk.Storage.ReadTables;

/// <summary>One read set summarised, all from one state.</summary>
/// <param name="Cursor">The largest N with 1 … N all read; 0 if 1 is not.</param>
/// <param name="Unread">Ids in 1 … head not read; -1 without a head.</param>
/// <param name="FirstUnread">The smallest of them; -1 if there is none or no head.</param>
/// <param name="RangeCount">How many ranges were written to the caller's span.</param>
/// <param name="Truncated">Whether there are more.</param>
public readonly record struct RawReadState(long Cursor, long Unread, long FirstUnread, int RangeCount, bool Truncated);
