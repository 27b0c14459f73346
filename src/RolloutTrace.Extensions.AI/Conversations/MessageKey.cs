using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A piece of a message as it is known again where a history is shown in another form: a text, a call, a result, a file.</summary>
/// <param name="Hash">Of who says what.</param>
/// <param name="IsSaid">Whether it is none of the calls and their results, which some programs leave out each time.</param>
internal readonly record struct MessageKey(UInt128 Hash, bool IsSaid)
{
    /// <summary>The keys of messages, in order, but for those of the system.</summary>
    public static List<MessageKey> Of(IEnumerable<ChatMessage> messages) => [.. messages.Where(static message => message.Role != ChatRole.System).SelectMany(HistoryChain.KeysOf)];

    /// <summary>Whether all that counts in a message is among keys.</summary>
    public static bool AreIn(IReadOnlySet<UInt128> known, ChatMessage message) => HistoryChain.KeysOf(message).All(key => known.Contains(key.Hash));

    /// <summary>The keys of messages, for look-ups.</summary>
    public static HashSet<UInt128> SetOf(IEnumerable<ChatMessage> messages) => [.. messages.SelectMany(HistoryChain.KeysOf).Select(static key => key.Hash)];

    /// <summary>In which message, those of the system not counted, a key stands; one in which nothing counts belongs to the one before it.</summary>
    public static int PlaceOf(IEnumerable<ChatMessage> messages, int key)
    {
        var (place, before) = (-1, 0);
        foreach (var message in messages.Where(static message => message.Role != ChatRole.System))
        {
            var keys = HistoryChain.KeysOf(message).Count;
            if (keys > 0 && before > key)
            {
                break;
            }

            (place, before) = (place + 1, before + keys);
        }

        return place;
    }
}
