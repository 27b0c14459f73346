using System.Globalization;

namespace RolloutTrace.Bundle;

/// <summary>
/// How ids are made that nobody gives: of objects in the reduced state, and of edges between agents. A recorder and a reducer that never
/// meet make the same ids from the same events.
/// </summary>
public static class ObjectIds
{
    /// <summary>What the id of a conversation item begins with; a number from 1 on follows.</summary>
    public const string ConversationItemPrefix = "conversation_item:";

    /// <summary>What the id of a terminal operation begins with; a number from 1 on follows.</summary>
    public const string TerminalOperationPrefix = "terminal_operation:";

    /// <summary>The id of a conversation item.</summary>
    /// <param name="number">Its number in the order in which items are made, from 1 on.</param>
    public static string ConversationItem(long number) => string.Create(CultureInfo.InvariantCulture, $"{ConversationItemPrefix}{number}");

    /// <summary>The number in the id of a conversation item; 0 if it is none.</summary>
    public static int NumberOf(string itemId)
    {
        // It is asked for each item of each request, so no parser is.
        const int MostDigits = 9;
        var id = itemId.AsSpan();
        if (id.Length - ConversationItemPrefix.Length > MostDigits || !id.StartsWith(ConversationItemPrefix, StringComparison.Ordinal))
        {
            return 0;
        }

        var number = 0;
        foreach (var digit in id[ConversationItemPrefix.Length..])
        {
            if (!char.IsAsciiDigit(digit))
            {
                return 0;
            }

            number = (10 * number) + (digit - '0');
        }

        return number;
    }

    /// <summary>The id of a terminal operation.</summary>
    /// <param name="number">Its number in the order in which operations are made, from 1 on.</param>
    public static string TerminalOperation(long number) => string.Create(CultureInfo.InvariantCulture, $"{TerminalOperationPrefix}{number}");

    /// <summary>The id of a code cell.</summary>
    /// <param name="modelVisibleCallId">The id of the model's call that it runs.</param>
    public static string CodeCell(string modelVisibleCallId) => $"code_cell:{modelVisibleCallId}";

    /// <summary>The id of the edge by which a thread was spawned.</summary>
    /// <param name="parentThreadId">The thread that spawned it.</param>
    /// <param name="childThreadId">The thread that was spawned.</param>
    public static string SpawnEdge(string parentThreadId, string childThreadId) => $"edge:spawn:{parentThreadId}:{childThreadId}";

    /// <summary>The id of the edge that a tool call makes by itself: a message, a task, a closing.</summary>
    /// <param name="toolCallId">The tool call.</param>
    public static string ToolEdge(string toolCallId) => $"edge:tool:{toolCallId}";

    /// <summary>The id of the edge by which a child's result reaches its parent.</summary>
    /// <param name="childThreadId">The child.</param>
    /// <param name="childTurnId">The child's turn that ended with the result.</param>
    /// <param name="parentThreadId">The thread that got it.</param>
    public static string AgentResultEdge(string childThreadId, string childTurnId, string parentThreadId) =>
        $"edge:agent_result:{childThreadId}:{childTurnId}:{parentThreadId}";
}
