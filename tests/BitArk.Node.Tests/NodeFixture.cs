using BitArk.Node.Tests.Model;

namespace BitArk.Node.Tests;

/// <summary>One running node for a class of tests that do not disturb each other: each uses users of its own.</summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private RunningNode? _node;

    public RunningNode Node => _node ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync() => _node = await RunningNode.StartAsync(new ModelNode());

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
    }
}
