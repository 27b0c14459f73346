namespace RolloutTrace.Cli;

/// <summary>
/// Ids as a crowded line shows them. Of a UUID the last twelve digits are left, which are random in every version
/// in use; commands that take an id take a part of it.
/// </summary>
internal static class ShortId
{
    private const int RandomPart = 24;

    public static string Of(string id) => Guid.TryParseExact(id, "D", out _) ? id[RandomPart..] : id;
}
