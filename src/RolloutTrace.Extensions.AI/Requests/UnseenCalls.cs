using System.Diagnostics;
using System.Runtime.CompilerServices;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>
/// Calls that are being carried out while the response that asked for them is not shown, as where the service keeps the history: they are told with it,
/// at the end. One in which somebody asks something is told at once, so that what is asked belongs to it. Safe for concurrent use.
/// </summary>
internal static class UnseenCalls
{
    private static readonly ConditionalWeakTable<Activity, UnseenCall> BySpan = [];

    /// <summary>Remembers a call by the span in which it is carried out.</summary>
    public static void Add(Activity span, Turn turn, PendingCall call) => BySpan.AddOrUpdate(span, new(turn, call));

    /// <summary>Starts the trace of the call that a span stands for; null if it stands for none.</summary>
    public static ToolCall? Start(Activity span) => BySpan.TryGetValue(span, out var call) ? call.Start(span) : null;

    private sealed class UnseenCall(Turn turn, PendingCall call)
    {
        private readonly Lock gate = new();

        public ToolCall Start(Activity span)
        {
            lock (gate)
            {
                if (call.Handle is { } started)
                {
                    return started;
                }

                TracedTurn.Of(turn).Conversation.AskedEarly(call);
                return ToolClaims.Start(turn, call, span);
            }
        }
    }
}
