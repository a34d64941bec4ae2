using BitArk.Cluster.Writes;

namespace BitArk.Cluster.Tests.Writes;

public sealed class AdmissionGateSpecs
{
    private readonly AdmissionGate _gate = new(maxBytes: 100);

    [Fact]
    public void Should_refuse_when_the_limit_would_be_passed_and_admit_again_when_room_was_given_back()
    {
        Assert.True(_gate.TryEnter(60));
        Assert.True(_gate.TryEnter(40));
        Assert.False(_gate.TryEnter(1));
        _gate.Leave(40);
        Assert.True(_gate.TryEnter(1));
        Assert.Equal(61, _gate.PendingBytes);
    }

    [Fact]
    public void Should_admit_one_that_is_larger_than_the_limit_when_it_is_alone()
    {
        Assert.True(_gate.TryEnter(500));
        Assert.False(_gate.TryEnter(500));
        _gate.Leave(500);
        Assert.True(_gate.TryEnter(500));
    }

    [Fact]
    public void Should_count_to_zero_when_many_threads_enter_and_leave()
    {
        Parallel.For(0, 10_000, i =>
        {
            if (_gate.TryEnter(i % 50))
                _gate.Leave(i % 50);
        });
        Assert.Equal(0, _gate.PendingBytes);
    }
}
