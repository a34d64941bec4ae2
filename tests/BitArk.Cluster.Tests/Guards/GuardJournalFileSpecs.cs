using BitArk.Cluster.Guards;
using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using Microsoft.Data.Sqlite;

namespace BitArk.Cluster.Tests.Guards;

public sealed class GuardJournalFileSpecs : IDisposable
{
    private readonly DataDirectory _layout = new(Directory.CreateTempSubdirectory("bitark-journal-").FullName);

    [Fact]
    public void Should_log_ahead_and_sync_every_transaction()
    {
        Assert.Null(GuardJournalFile.Prepare(_layout, PosixDisk.Instance));
        Assert.Equal("wal", GuardKit.Ask(_layout, "PRAGMA journal_mode"));
        Assert.Equal("2", GuardKit.Ask(_layout, "PRAGMA synchronous"));
    }

    [Fact]
    public void Should_make_its_entries_in_the_directories_durable()
    {
        var disk = new SyncedDirectories();
        GuardJournalFile.Prepare(_layout, disk);
        Assert.Equal([(_layout.Root, false), (_layout.GuardsPath, true)], disk.Synced.Select(path => (path, File.Exists(Path.Combine(path, "journal.db")))));
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(4096, 4096)]
    public void Should_set_the_file_aside_when_its_content_is_damaged(int offset, int length)
    {
        GuardJournalFile.Prepare(_layout, PosixDisk.Instance);
        GuardKit.Change(_layout, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)");
        GuardKit.Change(_layout, "INSERT INTO t VALUES (1, 'kept')");
        var bytes = File.ReadAllBytes(_layout.GuardJournalPath);
        bytes.AsSpan(offset, Math.Min(length, bytes.Length - offset)).Fill(0xA5);
        File.WriteAllBytes(_layout.GuardJournalPath, bytes);

        Assert.NotNull(GuardJournalFile.Prepare(_layout, PosixDisk.Instance));
        Assert.Equal(bytes, File.ReadAllBytes(_layout.GuardJournalPath + ".broken"));
        Assert.Equal("0", GuardKit.Ask(_layout, "SELECT count(*) FROM sqlite_master"));
        Assert.Null(GuardJournalFile.Prepare(_layout, PosixDisk.Instance));
    }

    // Whoever repaired a replica for it would forget what the newer build has promised.
    [Fact]
    public void Should_refuse_by_its_version_and_change_no_byte_when_an_event_is_of_a_newer_build()
    {
        GuardJournalFile.Prepare(_layout, PosixDisk.Instance);
        GuardKit.Change(_layout, "CREATE TABLE journal (persistence_id TEXT, sequence_number INTEGER, message BLOB, deleted INTEGER)");
        var bytes = new byte[EpochPromised.Size];
        new EpochPromised(new Epoch(5), Guid.NewGuid()).Write(bytes);
        Insert(bytes);
        Assert.Null(GuardJournalFile.Prepare(_layout, PosixDisk.Instance));

        // Longer, too.
        byte[] newer = [.. bytes[..32], .. new byte[12]];
        newer[0] = 3;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(40), System.IO.Hashing.Crc32.HashToUInt32(newer.AsSpan(0, 40)));
        Insert(newer);
        GuardKit.Ask(_layout, "PRAGMA wal_checkpoint(TRUNCATE)");
        var before = File.ReadAllBytes(_layout.GuardJournalPath);
        var refused = Assert.Throws<IOException>(() => GuardJournalFile.Prepare(_layout, PosixDisk.Instance));
        Assert.Contains($"'{_layout.GuardJournalPath}' has an event of version 3; this build reads up to 1", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_layout.GuardJournalPath));
        Assert.False(File.Exists(_layout.GuardJournalPath + ".broken"));

        void Insert(byte[] message) => GuardKit.Change(_layout, $"INSERT INTO journal VALUES ('guard', 1, X'{Convert.ToHexString(message)}', 0)");
    }

    [Fact]
    public void Should_refuse_and_change_nothing_when_the_file_cannot_be_opened()
    {
        Directory.CreateDirectory(_layout.GuardJournalPath);
        var error = Assert.Throws<IOException>(() => GuardJournalFile.Prepare(_layout, PosixDisk.Instance));
        Assert.Contains(_layout.GuardJournalPath, error.Message, StringComparison.Ordinal);
        Assert.Equal([_layout.GuardJournalPath], Directory.GetFileSystemEntries(_layout.GuardsPath));
    }

    [Theory]
    [InlineData(11, 11, true)]
    [InlineData(26, 26, true)]
    [InlineData(10, 8458, true)]
    [InlineData(10, 266, false)]
    [InlineData(14, 14, false)]
    [InlineData(13, 13, false)]
    [InlineData(5, 5, false)]
    [InlineData(8, 8, false)]
    public void Should_call_only_what_is_about_the_content_damage(int code, int extended, bool isDamage)
    {
        var error = new SqliteException("x", code, extended);
        Assert.Equal(isDamage, GuardErrors.IsAboutContent(error));
        Assert.Equal(isDamage, GuardErrors.IsAboutContent(new AggregateException(new InvalidOperationException("wrapped", error))));
        Assert.False(GuardErrors.IsAboutContent(new TimeoutException("slow")));
    }

    public void Dispose() => Directory.Delete(_layout.Root, recursive: true);

    private sealed class SyncedDirectories : IDisk
    {
        public List<string> Synced { get; } = [];

        public void SyncDirectory(string directory) => Synced.Add(directory);

        public void CreateDirectory(string directory) => PosixDisk.Instance.CreateDirectory(directory);

        public bool FileExists(string path) => PosixDisk.Instance.FileExists(path);

        public bool DirectoryExists(string path) => PosixDisk.Instance.DirectoryExists(path);

        public IDiskFile Open(string path, DiskOpenMode mode) => throw new NotSupportedException();

        public IReadOnlyList<string> ListFiles(string directory) => throw new NotSupportedException();

        public void Rename(string from, string to) => throw new NotSupportedException();

        public void Delete(string path) => throw new NotSupportedException();

        public long FreeBytes(string directory) => throw new NotSupportedException();

        public IDisposable Lock(string path) => throw new NotSupportedException();
    }
}
