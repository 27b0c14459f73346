namespace RolloutTrace.Wire;

/// <summary>
/// Escapes in JSON that are half of a surrogate pair without the other half, such as <c>\ud83d</c> alone. JSON may hold them, but they
/// are no text.
/// </summary>
public static class HalfPairs
{
    private const int EscapeLength = 6;

    /// <summary>Writes U+FFFD in the place of each, which is as long. Text that is no JSON stays no JSON.</summary>
    /// <returns>How many there were.</returns>
    public static int Replace(Span<byte> json)
    {
        var count = 0;
        while (json.IndexOf((byte)'\\') is >= 0 and var start)
        {
            json = json[start..];
            var unit = CodeUnit(json);
            if (unit is null)
            {
                // Some other escape. Of two backslashes the second begins none.
                json = json[Math.Min(2, json.Length)..];
            }
            else if (char.IsHighSurrogate(unit.Value) && CodeUnit(json[EscapeLength..]) is { } next && char.IsLowSurrogate(next))
            {
                json = json[(2 * EscapeLength)..];
            }
            else
            {
                if (char.IsSurrogate(unit.Value))
                {
                    "\\ufffd"u8.CopyTo(json);
                    count++;
                }

                json = json[EscapeLength..];
            }
        }

        return count;
    }

    // The code unit that an escape at the beginning stands for; null if there is none.
    private static char? CodeUnit(ReadOnlySpan<byte> json)
    {
        if (json.Length < EscapeLength || json[0] != '\\' || json[1] != 'u')
        {
            return null;
        }

        var unit = 0;
        foreach (var digit in json[2..EscapeLength])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return null;
            }

            unit = (unit << 4) + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)unit;
    }
}
