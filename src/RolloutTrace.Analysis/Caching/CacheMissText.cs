using System.Globalization;

namespace RolloutTrace.Analysis.Caching;

/// <summary>Says why a cache was missed.</summary>
internal static class CacheMissText
{
    public static string Of(CacheMiss miss) => miss.Cause switch
    {
        CacheMissCause.Model => $"another model is asked: {Change(miss)}",
        CacheMissCause.Instructions => $"the instructions differ from character {miss.Change!.At + 1} on: {Change(miss)}",
        CacheMissCause.Tool => $"tool {miss.Place}, {miss.Subject}, differs{Member(miss)}: {Change(miss)}",
        CacheMissCause.Parameter => $"the parameter {miss.Subject} differs: {Change(miss)}",
        CacheMissCause.Compaction => $"the compaction {miss.Subject} came between",
        CacheMissCause.Item when miss.Change is null => $"item {miss.Place}, {miss.Subject}, is another",
        CacheMissCause.Item => $"item {miss.Place}{(miss.Subject is null ? "" : $", {miss.Subject},")} differs{Member(miss)}: {Change(miss)}",
        CacheMissCause.Expired => $"nothing differs in what should have been cached, and the provider was not asked for {Pause(miss)}",
        CacheMissCause.Unexplained => $"nothing differs in what should have been cached{(miss.PauseMs is null ? "" : $", and the provider was asked {Pause(miss)} before")}",
        _ => throw new ArgumentException($"unknown cause {miss.Cause}", nameof(miss)),
    };

    private static string Member(CacheMiss miss) => string.IsNullOrEmpty(miss.Member) ? "" : $" in {miss.Member}";

    private static string Change(CacheMiss miss) => miss.Change switch
    {
        { Was: { } was, Is: { } now } => $"\"{was}\" is now \"{now}\"",
        { Was: { } was } => $"\"{was}\" is gone",
        { Is: { } now } => $"\"{now}\" is new",
        _ => "",
    };

    private static string Pause(CacheMiss miss) => miss.PauseMs switch
    {
        >= 60_000 => string.Create(CultureInfo.InvariantCulture, $"{miss.PauseMs / 60_000.0:0.#} minutes"),
        >= 1000 => string.Create(CultureInfo.InvariantCulture, $"{miss.PauseMs / 1000.0:0.#} seconds"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{miss.PauseMs} ms"),
    };
}
