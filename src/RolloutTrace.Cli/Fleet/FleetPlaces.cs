using RolloutTrace.Stores;

namespace RolloutTrace.Cli;

/// <summary>Opens what addresses of a fleet name, and tells which of them is none.</summary>
internal static class FleetPlaces
{
    /// <summary>Opens the store.</summary>
    /// <returns>Null, and said why, if an address is none.</returns>
    public static RolloutStore? TryOpen(FleetAddresses addresses, RolloutStoreOptions options, CommandConsole console)
    {
        try
        {
            if (addresses.Nats is { } nats)
            {
                QueuedRollouts.CheckAddress(nats);
            }

            return RolloutStore.Open(addresses.Store, options);
        }
        catch (Exception e) when (e is StoreException or ArgumentException)
        {
            console.Tell($"error: {e.Message}");
            return null;
        }
    }
}
