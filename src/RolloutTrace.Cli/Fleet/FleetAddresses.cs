namespace RolloutTrace.Cli;

/// <summary>Where the rollouts of many machines lie, and are announced.</summary>
/// <param name="Store">The store.</param>
/// <param name="Nats">The servers with the queue; null for none.</param>
/// <param name="Replicas">On how many servers is kept what is made.</param>
internal sealed record FleetAddresses(string Store, string? Nats, int Replicas);
