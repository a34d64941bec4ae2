using System.CommandLine;
using System.CommandLine.Parsing;

namespace BitArk.Cli.Nodes;

/// <summary>Options whose value is the address of a node.</summary>
internal static class NodeOption
{
    /// <summary>Where a node started without arguments serves gRPC.</summary>
    public const string DefaultGrpc = "grpc://127.0.0.1:8081";

    /// <summary>The option <c>--node</c> with its default.</summary>
    public static Option<NodeAddress> Create(string preset) => new("--node")
    {
        Description = "Address of a node, grpc://host:port or http://host:port",
        HelpName = "address",
        CustomParser = result => Parse(result, "--node"),
        DefaultValueFactory = _ => NodeAddress.TryParse(preset, out var address, out var problem) ? address : throw new FormatException(problem),
    };

    /// <summary>A second address, which may be left out.</summary>
    public static Option<NodeAddress?> CreateHttp(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "address",
        CustomParser = result => Parse(result, name),
    };

    private static NodeAddress? Parse(ArgumentResult result, string name)
    {
        if (NodeAddress.TryParse(result.Tokens[0].Value, out var address, out var problem))
        {
            return address;
        }

        result.AddError($"{name}: {problem}");
        return null;
    }
}
