using Microsoft.Extensions.AI;
using RolloutTrace.Content;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// What users said last in a request, of which a program may keep less than it has shown: what it looked up for the question, or the form in
/// which it wants the answer, stands around the question and is made anew with each turn.
/// </summary>
/// <param name="Texts">The words; the beginning and the end of long ones.</param>
internal readonly record struct KeptQuestion(IReadOnlyList<string> Texts)
{
    private const int Part = 2048;
    private const int MaxTexts = 16;

    /// <summary>Of messages that follow each other.</summary>
    public static KeptQuestion Of(IEnumerable<ChatMessage> messages) =>
        new([.. messages.Where(static message => message.Role == ChatRole.User).Select(static message => Bounded(message.Text)).Take(MaxTexts)]);

    /// <summary>Whether this is what may be kept of what was shown: a part of the messages, in their order, or of the words of each.</summary>
    public bool IsPartOf(KeptQuestion shown)
    {
        if (shown.Texts is null || Texts.Count == 0)
        {
            return false;
        }

        var next = 0;
        foreach (var text in Texts)
        {
            while (next < shown.Texts.Count && !KeptWords.AreIn(shown.Texts[next], text))
            {
                next++;
            }

            if (next++ == shown.Texts.Count)
            {
                return false;
            }
        }

        return true;
    }

    private static string Bounded(string text) => text.Length <= 2 * Part ? text : string.Concat(text.AsSpan(0, Part), "\n", text.AsSpan(text.Length - Part));
}
