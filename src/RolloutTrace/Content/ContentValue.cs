namespace RolloutTrace.Content;

/// <summary>Content as an attribute has it, and what of it is missing there.</summary>
/// <param name="Json">JSON text, within the limit.</param>
/// <param name="MissingMessages">How many messages, or other entries of a list, were left out.</param>
/// <param name="MissingBytes">About how many bytes of JSON are missing; 0 if nothing is.</param>
internal readonly record struct ContentValue(string Json, int MissingMessages = 0, long MissingBytes = 0)
{
    public bool IsCut => MissingMessages > 0 || MissingBytes > 0;
}
