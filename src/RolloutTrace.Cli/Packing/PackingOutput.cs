namespace RolloutTrace.Cli;

/// <summary>Where what is packed or unpacked goes.</summary>
internal static class PackingOutput
{
    /// <summary>The place for one of several inputs.</summary>
    /// <param name="output">What <c>--output</c> says; null for beside the input.</param>
    /// <param name="isOne">Whether there is one input only.</param>
    /// <param name="beside">The place beside the input.</param>
    /// <returns>Null for that.</returns>
    public static string? PlaceOf(string? output, bool isOne, string beside)
    {
        if (output is null)
        {
            return null;
        }

        return isOne && !Directory.Exists(output) ? output : Path.Join(output, Path.GetFileName(beside));
    }
}
