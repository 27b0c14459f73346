using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>What a request tells the model to do, by its instructions and by messages of the system, and whether it offers tools.</summary>
/// <param name="Text">The words; the beginning and the end of long ones.</param>
/// <param name="Length">How many characters there are.</param>
/// <param name="HasTools">Whether it offers tools.</param>
internal readonly record struct Told(string Text, int Length, bool HasTools)
{
    private const int Part = 2048;

    public static Told By(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var text = string.Join('\n', messages.Where(static message => message.Role == ChatRole.System).Select(static message => message.Text).Prepend(options?.Instructions ?? string.Empty));
        return new(text.Length <= 2 * Part ? text : string.Concat(text.AsSpan(0, Part), text.AsSpan(text.Length - Part)), text.Length, options?.Tools is { Count: > 0 });
    }

    /// <summary>Whether the words are the same.</summary>
    public bool IsSame(in Told other) => Text == other.Text && Length == other.Length;

    /// <summary>Whether it is the same but for a part: the time, a name, what was looked up. At least half of it stands in both, at the beginning and at the end.</summary>
    public bool IsLike(in Told other)
    {
        if (IsSame(other))
        {
            return true;
        }

        var shorter = Math.Min(Text.Length, other.Text.Length);
        var begin = Text.AsSpan().CommonPrefixLength(other.Text);
        var end = 0;
        while (end < shorter - begin && Text[^(end + 1)] == other.Text[^(end + 1)])
        {
            end++;
        }

        return shorter > 0 && 2 * (begin + end) >= Math.Max(Text.Length, other.Text.Length);
    }

    /// <summary>Whether somebody else asks who was told something else, such as a judge of what was said: the tools of the conversation are not offered either.</summary>
    public bool IsAnothers(in Told conversation) => conversation.HasTools && !HasTools && !IsLike(conversation);
}
