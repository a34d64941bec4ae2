using System.CommandLine;

namespace BitArk.Cli.Nodes;

/// <summary>The option <c>--node</c>.</summary>
internal static class NodeOption
{
    /// <summary>Where a node started without arguments serves gRPC.</summary>
    public const string DefaultGrpc = "grpc://127.0.0.1:8081";

    /// <summary>The option with its default.</summary>
    public static Option<NodeAddress> Create(string preset) => new("--node")
    {
        Description = "Address of a node, grpc://host:port or http://host:port",
        HelpName = "address",
        CustomParser = result =>
        {
            if (NodeAddress.TryParse(result.Tokens[0].Value, out var address, out var problem))
            {
                return address;
            }

            result.AddError($"--node: {problem}");
            return null;
        },
        DefaultValueFactory = _ => NodeAddress.TryParse(preset, out var address, out var problem) ? address : throw new FormatException(problem),
    };
}
