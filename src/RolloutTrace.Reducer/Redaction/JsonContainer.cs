namespace RolloutTrace.Reducer.Redaction;

/// <summary>An object or a list in a JSON text.</summary>
/// <param name="isList">Whether it is a list.</param>
/// <param name="parent">What it stands in; null at the root.</param>
/// <param name="member">The name of the member whose value it is; null in a list and at the root.</param>
/// <param name="index">Its position in a list.</param>
internal sealed class JsonContainer(bool isList, JsonContainer? parent, string? member, int index)
{
    public bool IsList => isList;

    public JsonContainer? Parent => parent;

    public string? Member => member;

    public int Index => index;

    /// <summary>How many entries it has, as far as it has been read.</summary>
    public int Count { get; set; }

    /// <summary>The members that say which of several streams its texts belong to, as far as it has been read.</summary>
    public string Which { get; set; } = "";

    /// <summary>The nearest name on the way to it, through lists.</summary>
    public string? NearestName => member ?? parent?.NearestName;

    /// <summary>What it stands in and so on, itself first.</summary>
    public IEnumerable<JsonContainer> Way()
    {
        for (var container = this; container is not null; container = container.Parent)
        {
            yield return container;
        }
    }
}
