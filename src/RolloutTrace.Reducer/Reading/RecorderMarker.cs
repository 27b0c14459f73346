using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// The member by which a recorder says that something stands in the place of a payload that could not be recorded, and why. What
/// stands beside it is what remains of the payload: ids and numbers that are true, and lists and texts that are empty or end where more is missing.
/// </summary>
internal static class RecorderMarker
{
    private static readonly byte[] Name = Encoding.UTF8.GetBytes(PayloadMarkerName.Error);

    /// <summary>The member's name.</summary>
    public static ReadOnlySpan<byte> Member => Name;

    /// <summary>Why a payload was replaced; null if it was not.</summary>
    public static string? ReasonIn(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(Member, out var reason) ? JsonText.OrNull(reason) : null;

    /// <summary>Whether a response has items beside the marker.</summary>
    public static bool LeavesItems(JsonElement root) => JsonText.Member(root, "output_items") is { ValueKind: JsonValueKind.Array } items && items.GetArrayLength() > 0;

    /// <summary>The defect that a replaced payload is.</summary>
    /// <param name="payloadId">The payload.</param>
    /// <param name="reason">Why it was replaced.</param>
    /// <param name="isPart">Whether a part of it is there.</param>
    public static Defect Defect(string payloadId, string reason, bool isPart = false) => new()
    {
        Severity = DiagnosticSeverity.Warning,
        Code = DiagnosticCodes.PayloadReplaced,
        What = isPart ? $"payload {payloadId} is there only in part: {reason}" : $"payload {payloadId} is missing: the recorder replaced it ({reason})",
        Cause = CauseOf(payloadId),
    };

    /// <summary>The cause of all that follows from a payload that was replaced.</summary>
    public static string CauseOf(string payloadId) => $"replaced {payloadId}";
}
