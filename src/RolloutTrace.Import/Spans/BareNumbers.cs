namespace RolloutTrace.Import.Spans;

/// <summary>Numbers that JSON has no words for, as Python and others write them all the same.</summary>
internal static class BareNumbers
{
    private static readonly byte[][] Words = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <summary>The same text with such numbers as strings, which is how OTLP has them; null if there are none.</summary>
    public static byte[]? Quoted(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("NaN"u8) < 0 && json.IndexOf("Infinity"u8) < 0)
        {
            return null;
        }

        var quoted = new List<byte>(json.Length + 16);
        var (isText, isEscaped) = (false, false);
        for (var i = 0; i < json.Length; i++)
        {
            if (!isText && WordAt(json[i..]) is { } word)
            {
                quoted.Add((byte)'"');
                quoted.AddRange(word);
                quoted.Add((byte)'"');
                i += word.Length - 1;
                continue;
            }

            var next = json[i];
            quoted.Add(next);
            (isText, isEscaped) = isText ? (isEscaped || next != '"', !isEscaped && next == '\\') : (next == '"', false);
        }

        return [.. quoted];
    }

    private static byte[]? WordAt(ReadOnlySpan<byte> text)
    {
        foreach (var word in Words)
        {
            if (text.StartsWith(word))
            {
                return word;
            }
        }

        return null;
    }
}
