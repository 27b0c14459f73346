namespace RolloutTrace.Viewer.Data;

/// <summary>Texts that several things have, such as instructions and definitions of tools: each is in the document once.</summary>
internal sealed class TextTable
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    /// <summary>The texts, by their numbers.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>The number of a text.</summary>
    public int Add(string text)
    {
        if (!numbers.TryGetValue(text, out var number))
        {
            number = Texts.Count;
            numbers.Add(text, number);
            Texts.Add(text);
        }

        return number;
    }
}
