using System.Diagnostics;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>Which spans a recorder saw start. It will see them stop too: only those can stand for what ends with them.</summary>
internal static class SeenSpans
{
    private const string Property = "RolloutTrace.Seen";

    public static void Add(Activity span) => span.SetCustomProperty(Property, Property);

    public static bool Has(Activity span) => span.GetCustomProperty(Property) is not null;
}
