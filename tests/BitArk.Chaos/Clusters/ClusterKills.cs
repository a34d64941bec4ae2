namespace BitArk.Chaos.Clusters;

/// <summary>Kills nodes of a cluster at random moments and starts them again: mostly one follower, also the leader, two or all at once, or one in its recovery.</summary>
internal sealed class ClusterKills(int seed)
{
    private readonly Random _random = new(seed);
    private int _followers;
    private int _leaders;
    private int _inRecovery;

    /// <summary>One to three times: somebody is killed and started again. Returns when everybody serves.</summary>
    /// <returns>Who was killed.</returns>
    public async Task<string> HappenAsync(Trio trio)
    {
        var happened = new List<string>();
        int times = _random.Next(1, 4);
        for (int i = 0; i < times; i++)
        {
            await trio.TryPartitionsAsync();
            Member[] victims = Choose(trio);
            Member leader = trio.Leader;
            await PauseAsync(800);
            await Task.WhenAll(victims.Select(victim => victim.KillAsync()));
            foreach (Member victim in victims)
                Count(ReferenceEquals(victim, leader));
            if (_random.Next(2) == 0)
                await PauseAsync(2_500);
            bool inRecovery = _random.Next(4) == 0;
            foreach (Member victim in victims)
                victim.Launch();
            if (inRecovery)
                await KillRecoveryAsync(victims[0]);
            await Task.WhenAll(victims.Select(victim => victim.ServesAsync()));
            happened.Add(string.Join('+', victims.Select(victim => victim.Name)) + (inRecovery ? " (twice)" : ""));
        }

        return $"killed {string.Join(", ", happened)}";
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_followers} of followers, {_leaders} of the leader, {_inRecovery} more while they recovered";

    private Member[] Choose(Trio trio) => _random.Next(20) switch
    {
        < 11 => [AnyFollower(trio)],
        < 16 => [trio.Leader],
        < 17 => [.. trio.Followers],
        < 19 => [trio.Leader, AnyFollower(trio)],
        _ => [.. trio.Members],
    };

    private Member AnyFollower(Trio trio) => trio.Followers.ElementAt(_random.Next(2));

    private async Task KillRecoveryAsync(Member victim)
    {
        await PauseAsync(1_500);
        await victim.KillAsync();
        _inRecovery++;
        victim.Launch();
    }

    private void Count(bool isLeader)
    {
        _leaders += isLeader ? 1 : 0;
        _followers += isLeader ? 0 : 1;
    }

    private Task PauseAsync(int atMostMilliseconds) => Task.Delay(TimeSpan.FromMilliseconds(_random.Next(atMostMilliseconds)));
}
