using System.Buffers;
using System.Text.Json;
using BitArk.Cluster;
using BitArk.Node.Services;

namespace BitArk.Node.Http;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: every partition serves, and the cluster counts
/// this node; otherwise 503, with what each is doing and how far it is.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>The process answers, whatever its partitions do.</summary>
    public static Task LiveAsync(HttpContext http) => HttpErrors.WriteAsync(http, StatusCodes.Status200OK, "{\"status\":\"live\"}"u8.ToArray());

    /// <summary>Whether calls can succeed now.</summary>
    public static Task ReadyAsync(HttpContext http)
    {
        var node = http.RequestServices.GetRequiredService<IReadStatusNode>();
        var summary = Readiness.Of(node);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", summary.Status);
            json.WriteString("node", node.NodeName);
            json.WriteNumber("progress", summary.Progress);
            json.WriteStartArray("partitions");
            foreach (var partition in node.Partitions)
                Write(json, partition.Id, partition.Phase);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        http.Response.Headers.CacheControl = "no-store";
        return HttpErrors.WriteAsync(
            http,
            summary.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, PartitionId id, PartitionPhase phase)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id.Value);
        json.WriteString("phase", Readiness.NameOf(phase));
        switch (phase)
        {
            case PartitionPhase.Recovering recovering:
                json.WriteNumber("progress", Math.Round(recovering.Progress, 4));
                json.WriteString("activity", recovering.Activity);
                break;
            case PartitionPhase.Syncing syncing:
                json.WriteNumber("progress", Math.Round(syncing.Progress, 4));
                break;
            case PartitionPhase.Failed or PartitionPhase.Damaged:
                json.WriteString("reason", PhaseErrors.SeeLog);
                break;
        }

        json.WriteEndObject();
    }
}
