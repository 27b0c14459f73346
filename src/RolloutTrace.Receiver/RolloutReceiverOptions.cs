using System.Net;

namespace RolloutTrace.Receiver;

/// <summary>How rollouts are received.</summary>
public sealed record RolloutReceiverOptions
{
    /// <summary>The store's address, as <see cref="Stores.RolloutStore.Open"/> takes it.</summary>
    public required string Store { get; init; }

    /// <summary>A directory of this receiver alone, for what is open. It has what is acknowledged: keep it where it stays, across restarts.</summary>
    public required string Spool { get; init; }

    /// <summary>Where HTTP is listened on; port 0 for any that is free. 127.0.0.1:4318 by default.</summary>
    public IPEndPoint Http { get; init; } = new(IPAddress.Loopback, 4318);

    /// <summary>Where gRPC is listened on; port 0 for any that is free. 127.0.0.1:4317 by default.</summary>
    public IPEndPoint Grpc { get; init; } = new(IPAddress.Loopback, 4317);

    /// <summary>The keys of which a sender must have one; none by default: then everybody who reaches it may send.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>The certificate, and those above it, as PEM; null for no encryption.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The certificate's key, as PEM.</summary>
    public string? TlsKey { get; init; }

    /// <summary>After how long without a record or span a rollout is packed as it is: 30 minutes by default, above 0.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The servers of the queue in which packed rollouts are announced; null for none.</summary>
    public string? Nats { get; init; }

    /// <summary>How many rollouts are open at most; 10,000 by default. Beyond it those that are open go on, and who sends another is told to come again.</summary>
    public int MaxOpen { get; init; } = 10_000;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
