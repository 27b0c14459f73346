using System.Text;

namespace CodingAgent.Tools;

/// <summary>Text that keeps its beginning and its end when it grows over a limit, and says what was left out between them.</summary>
internal sealed class LimitedText(int limit)
{
    private readonly StringBuilder head = new();
    private readonly StringBuilder tail = new();
    private long leftOut;

    public static string Cut(string text, int limit)
    {
        var cut = new LimitedText(limit);
        cut.Append(text);
        return cut.ToString();
    }

    public void Append(ReadOnlySpan<char> text)
    {
        var toHead = Math.Clamp((limit / 2) - head.Length, 0, text.Length);
        head.Append(text[..toHead]);
        tail.Append(text[toHead..]);
        var excess = tail.Length - (limit - (limit / 2));
        if (excess > 0)
        {
            tail.Remove(0, excess);
            leftOut += excess;
        }
    }

    /// <summary>Gives the text and starts anew.</summary>
    public string Take()
    {
        var text = ToString();
        head.Clear();
        tail.Clear();
        leftOut = 0;
        return text;
    }

    public override string ToString() => leftOut == 0 ? $"{head}{tail}" : $"{head}\n... {leftOut} characters left out ...\n{tail}";
}
