using System.Globalization;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Serialization;
using BitArk.Storage.Replica;

namespace BitArk.Cluster;

/// <summary>
/// What the ActorSystem is told. A lone node gets its configuration as it is: nothing listens, nothing is serialized. In
/// a cluster the operator's own <c>akka.*</c> keys win over what only tunes, and lose against what keeps nodes compatible and safe.
/// </summary>
internal static class AkkaSettings
{
    /// <summary>The role of every node that holds data: only they vote when the network splits.</summary>
    public const string DataRole = "bitark";

    /// <summary>What precedes a node's name in the role that tells it.</summary>
    public const string NameRolePrefix = "name.";

    /// <summary>The configuration of a node's ActorSystem.</summary>
    /// <param name="settings">The node's.</param>
    /// <param name="port">The port that an ActorSystem of this node before had; null: the one of the settings.</param>
    public static Config Of(BitArkSettings settings, int? port = null) => settings.Cluster.HasPeers
        ? Fixed(settings, port ?? settings.Hocon.GetInt("akka.remote.dot-netty.tcp.port")).WithFallback(settings.Hocon).WithFallback(Tuning(settings.Failover.Profile)).WithFallback(ClusterSingleton.DefaultConfig())
        : settings.Hocon;

    /// <summary>Who this node is, and what all nodes must agree on.</summary>
    private static Config Fixed(BitArkSettings settings, int port) => ConfigurationFactory.ParseString(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        akka {
          actor {
            provider = cluster
            serialization-settings.allow-unregistered-types = off
            {{WireBindings.Hocon}}
          }
          remote {
            deployment { enable-whitelist = on, whitelist = [] }

            # Two nodes that call each other at once, one just restarted, could agree on a connection that one writes and the other no longer reads.
            use-passive-connections = off
            dot-netty.tcp {
              hostname = "{{settings.Listeners.Bind}}"
              port = {{port}}
              public-hostname = "{{settings.Cluster.AdvertisedHost}}"
              maximum-frame-size = {{WireLimits.MaxFrameBytes}}b
              send-buffer-size = {{WireLimits.SocketBufferBytes}}b
              receive-buffer-size = {{WireLimits.SocketBufferBytes}}b
            }
          }
          cluster {
            roles = ["{{DataRole}}", "{{NameRolePrefix}}{{settings.NodeName}}"]
            seed-nodes = []
            seed-node-timeout = {{settings.Cluster.FormAfter.TotalMilliseconds}}ms
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver {
              active-strategy = keep-majority
              keep-majority.role = {{DataRole}}
            }
          }
        }
        {{GuardJournal.OfNode.HoconFor(new DataDirectory(Path.GetFullPath(settings.DataDirectory)))}}
        """));

    /// <summary>How fast a dead node is noticed, and threads of their own for the heartbeats.</summary>
    private static Config Tuning(FailoverProfile profile)
    {
        var timing = ClusterTiming.Of(profile);
        return ConfigurationFactory.ParseString(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            akka {
              remote {
                default-remote-dispatcher { {{OwnThreads}} }
                backoff-remote-dispatcher { {{OwnThreads}} }
              }
              cluster {
                gossip-interval = {{timing.Gossip.TotalMilliseconds}}ms
                leader-actions-interval = {{timing.Gossip.TotalMilliseconds}}ms
                unreachable-nodes-reaper-interval = {{timing.Gossip.TotalMilliseconds}}ms
                retry-unsuccessful-join-after = 2s
                down-removal-margin = {{timing.DownRemovalMargin.TotalMilliseconds}}ms
                failure-detector {
                  heartbeat-interval = {{timing.Heartbeat.TotalMilliseconds}}ms
                  acceptable-heartbeat-pause = {{timing.AcceptablePause.TotalMilliseconds}}ms
                }
                split-brain-resolver {
                  stable-after = {{timing.StableAfter.TotalMilliseconds}}ms
                  down-all-when-unstable = off
                }

                # The coordinator moves as soon as the one before it has ended; whoever asks it and gets no answer gives up after 6 s.
                singleton {
                  hand-over-retry-interval = 200ms
                  min-number-of-hand-over-retries = 30
                }
              }
            }
            """));
    }

    // Blocking work on the thread pool would delay heartbeats until nodes that live are called unreachable.
    private const string OwnThreads = "executor = fork-join-executor, fork-join-executor { parallelism-min = 2, parallelism-factor = 1.0, parallelism-max = 4 }";
}
