using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Cli.IntegerSets;

/// <summary>Writes sets into a node, one user each, and reads them back as portable Roaring files.</summary>
internal sealed class SetLoader(ReadStatus.ReadStatusClient client, RepeatedCalls calls, SetTarget target)
{
    /// <summary>Items of one write: well below what one request, and one record of the log, may hold.</summary>
    private const int RangesPerWrite = 4_000;

    /// <summary>Marks all ids of a set; each write again until it is acknowledged.</summary>
    /// <exception cref="CliException">A write was refused, or the node was away for too long.</exception>
    public async Task WriteAsync(int index, IntegerSet set, CancellationToken cancellation)
    {
        foreach (var chunk in set.Ranges.Chunk(RangesPerWrite))
        {
            var request = new MarkRequest { Namespace = target.Namespace, User = target.User(index), Channel = target.Channel };
            foreach (var range in chunk)
            {
                if (range.From == range.To)
                {
                    request.Messages.Add(range.From);
                }
                else
                {
                    request.Ranges.Add(new Protocol.V1.Range { From = range.From, To = range.To });
                }
            }

            await calls.CallAsync(options => client.MarkAsync(request, options), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Exports a set and compares it.</summary>
    public async Task<SetCheck> CheckAsync(int index, IntegerSet set, CancellationToken cancellation)
    {
        try
        {
            var bytes = await ExportAsync(index, cancellation).ConfigureAwait(false);
            var mismatch = PortableRoaring.Decode(bytes).SequenceEqual(set.Ranges) ? null : "the exported file holds other ids (if the read set held some before: choose another --channel or --first-user)";
            return new SetCheck(set.Name, bytes.Length, mismatch);
        }
        catch (FormatException failure)
        {
            return new SetCheck(set.Name, 0, $"the exported file is not in the Roaring format: {failure.Message}");
        }
        catch (RpcException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.NodeAway, $"export of {set.Name}: {CallFailure.Describe(failure)}", failure);
        }
    }

    private async Task<byte[]> ExportAsync(int index, CancellationToken cancellation)
    {
        var request = new ReadStateRequest { Namespace = target.Namespace, User = target.User(index), Channel = target.Channel };
        using var call = client.Export(request, RepeatedCalls.Attempt(TimeProvider.System, cancellation));
        using var bytes = new MemoryStream();
        while (await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false))
        {
            call.ResponseStream.Current.Data.WriteTo(bytes);
        }

        return bytes.ToArray();
    }
}

/// <summary>Where sets go: set i becomes the read set of user <paramref name="FirstUser"/> + i.</summary>
/// <param name="Namespace">Empty: "default".</param>
/// <param name="FirstUser">User of the first set.</param>
/// <param name="Channel">The channel of all.</param>
internal sealed record SetTarget(string Namespace, long FirstUser, long Channel)
{
    /// <summary>The user of a set.</summary>
    public long User(int index) => FirstUser + index;
}

/// <summary>What reading a set back found.</summary>
/// <param name="Name">The set's file.</param>
/// <param name="ExportedBytes">Length of its portable Roaring file.</param>
/// <param name="Mismatch">What is wrong; null when nothing is.</param>
internal sealed record SetCheck(string Name, long ExportedBytes, string? Mismatch);
