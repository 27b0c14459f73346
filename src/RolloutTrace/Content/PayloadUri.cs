namespace RolloutTrace.Content;

/// <summary>Where a payload can be had from outside the machine.</summary>
internal static class PayloadUri
{
    /// <param name="baseUri">What is configured; null for nothing.</param>
    /// <param name="bundle">Name of the bundle; null if nobody records.</param>
    /// <param name="path">The payload's path in the bundle.</param>
    public static string? Of(Uri? baseUri, string? bundle, string path) =>
        baseUri is null || bundle is null ? null : $"{baseUri.OriginalString.TrimEnd('/')}/{Uri.EscapeDataString(bundle)}/{path}";
}
