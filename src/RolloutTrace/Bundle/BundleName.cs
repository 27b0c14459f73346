using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Bundle;

/// <summary>
/// The name under which a recording goes beyond its machine: <c>trace-{trace_id}-{root_thread_id}</c> of its manifest, with every byte
/// outside <c>A-Za-z0-9._-</c> as <c>%XX</c>, and no dot at its beginning. It is a file's name everywhere.
/// </summary>
public static class BundleName
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxLength = 200;

    private const int HashLength = 16;
    private const string Unknown = "1970-01-01";

    /// <summary>The name of a bundle.</summary>
    /// <param name="manifest">Its manifest.</param>
    public static string Of(BundleManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return Of($"trace-{manifest.TraceId}-{manifest.RootThreadId}");
    }

    /// <summary>A word as a name, for a bundle without a manifest: of its directory. One that is too long ends in a hash of the whole.</summary>
    /// <param name="word">Any text that is not empty.</param>
    public static string Of(string word)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        var name = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(word))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' || (value == (byte)'.' && name.Length > 0))
            {
                name.Append((char)value);
            }
            else
            {
                name.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        if (name.Length <= MaxLength)
        {
            return name.ToString();
        }

        var end = MaxLength - HashLength - 1;
        end -= name[end - 1] == '%' ? 1 : name[end - 2] == '%' ? 2 : 0;
        return $"{name.ToString(0, end)}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(word)))[..HashLength]}";
    }

    /// <summary>Whether a text is a name.</summary>
    /// <param name="text">Any text.</param>
    public static bool IsValid(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength } || text[0] == '.')
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigitUpper(text[i + 1]) || !char.IsAsciiHexDigitUpper(text[i + 2]))
                {
                    return false;
                }

                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The day of a rollout, as <c>yyyy-MM-dd</c>: of its start, in UTC; 1970-01-01 where that is not known.</summary>
    /// <param name="startedAtUnixMs">When it started; null if that is not known.</param>
    public static string DayOf(long? startedAtUnixMs) =>
        startedAtUnixMs is { } known && known >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && known <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(known).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : Unknown;
}
