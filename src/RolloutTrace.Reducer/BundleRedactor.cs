using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Redaction;

namespace RolloutTrace.Reducer;

/// <summary>
/// Makes copies of bundles without the secrets in them. A mark stands in the place of a secret, the same for the same secret; everything
/// else is the same, byte for byte, and reduces to the same graph.
/// </summary>
/// <remarks>
/// <para>
/// What is a secret somewhere is one everywhere: it is replaced also where no pattern would know it, under any name, in ids and names of
/// members, escaped in JSON, in JSON that stands in a text, cut in a preview, and split between the events of a stream. A secret of less than 6
/// characters that a name gave away is replaced where it is a whole text. The words of the format itself, its names, types,
/// roles and statuses, stay.
/// </para>
/// <para>
/// A mark is <c>redacted_</c> with 16 letters, and for a number one of 16 digits; for what is left of a secret where a text was cut, the
/// length of that piece follows, as <c>_12</c>. It depends on the secret and on the key alone. What is encoded in
/// any other way than as JSON or in a URL, compressed or as base64, is not looked into.
/// </para>
/// </remarks>
public static class BundleRedactor
{
    /// <summary>Writes a redacted copy.</summary>
    /// <param name="bundle">The bundle. Nothing outside its directory is read.</param>
    /// <param name="directory">The copy's directory: an empty one, or none yet. Files in it are the owner's alone.</param>
    /// <param name="options">What is a secret.</param>
    /// <exception cref="ArgumentException">A pattern is none, or the key too short.</exception>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    /// <exception cref="RedactionException">A pattern takes too long.</exception>
    /// <exception cref="IOException">The copy cannot be written. What there is of it is of no use.</exception>
    /// <exception cref="UnauthorizedAccessException">The copy may not be written.</exception>
    public static RedactResult Redact(BundleReader bundle, string directory, RedactOptions options)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Check(options);
        return new RedactionRun(bundle, directory, options).Run();
    }

    /// <summary>Checks options without doing anything.</summary>
    /// <param name="options">What is a secret.</param>
    /// <exception cref="ArgumentException">A pattern is none, or the key too short.</exception>
    public static void Check(RedactOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Key.Length, RedactOptions.MinKeyBytes, nameof(options));
        _ = new SecretRules(options);
    }
}
