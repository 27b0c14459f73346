using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Tests;

/// <summary>
/// A conversation goes on however its contents come back: a program that keeps a stream has other messages than the one that was
/// given them whole, with the same contents in the same order.
/// </summary>
public sealed class GroupingTests
{
    private static int agents;

    [Fact]
    public void A_history_is_known_again_however_its_contents_are_grouped_into_messages()
    {
        for (var run = 0; run < Search.Runs(300); run++)
        {
            GoesOn(new Random((Search.Seed * 100_000) + run));
        }
    }

    private static void GoesOn(Random random)
    {
        using var table = new ConversationTable(TimeProvider.System);
        var agent = $"agent-{Interlocked.Increment(ref agents)}";
        var history = Turn(random, 0);
        var conversation = Answered(table, agent, history, random, out _);
        for (var turn = 1; turn < 4; turn++)
        {
            // Somebody else has said nearly the same.
            Answered(table, agent, [new(ChatRole.User, [new TextContent($"other {turn}")]), .. history.Skip(1)], random, out _).ShouldNotBeSameAs(conversation);
            history = [.. history, .. Turn(random, turn)];
            Answered(table, agent, history, random, out var rule).ShouldBeSameAs(conversation, $"turn {turn} {rule}");
            rule.ShouldBe("history");
        }
    }

    // Asks with all but the last answer, and is given that.
    private static Conversation Answered(ConversationTable table, string agent, List<Said> history, Random random, out string rule)
    {
        var asked = history.FindLastIndex(said => said.Role == ChatRole.User) + 1;
        var messages = Grouped(history.Take(asked), random);
        var found = table.Find(agent, null, messages, new ChatOptions());
        table.Asked(found.Conversation, messages, null);
        table.Answered(found.Conversation, messages, new ChatResponse(Grouped(history.Skip(asked), random)), isWhole: true);
        found.Conversation.TurnEnded();
        rule = found.Rule;
        return found.Conversation;
    }

    private static List<Said> Turn(Random random, int turn)
    {
        List<Said> said = [new(ChatRole.User, [new TextContent($"question {turn} {random.Next(3)}")])];
        if (random.Next(3) == 0)
        {
            said.Add(new(ChatRole.User, [new DataContent(new byte[] { 1, (byte)turn }, "image/png")]));
        }

        for (var round = random.Next(3); round > 0; round--)
        {
            var calls = Enumerable.Range(0, random.Next(1, 4)).Select(i => $"call_{turn}_{round}_{i}").ToList();
            said.AddRange(Thoughts(random));
            said.AddRange(calls.Select(id => new Said(ChatRole.Assistant, [new FunctionCallContent(id, "f", new Dictionary<string, object?> { ["n"] = round })])));
            said.AddRange(calls.Select(id => new Said(ChatRole.Tool, [new FunctionResultContent(id, $"result of {id}")])));
        }

        said.AddRange(Thoughts(random));
        said.Add(new(ChatRole.Assistant, [new TextContent($"answer {turn}"), new UsageContent()]));
        return said;
    }

    private static IEnumerable<Said> Thoughts(Random random)
    {
        if (random.Next(2) == 0)
        {
            yield return new(ChatRole.Assistant, [new TextReasoningContent("I think")]);
        }

        if (random.Next(2) == 0)
        {
            yield return new(ChatRole.Assistant, [new TextContent("Let me see what there is.")]);
        }
    }

    // Contents of one role in as many messages as it happens, texts of an answer in pieces or as one.
    private static List<ChatMessage> Grouped(IEnumerable<Said> history, Random random)
    {
        var contents = history.SelectMany(said => said.Contents.SelectMany(content => Pieces(content, said.Role, random)).Select(content => (said.Role, Content: content)));
        List<ChatMessage> messages = [];
        foreach (var (role, content) in contents)
        {
            if (messages.Count > 0 && messages[^1].Role == role && random.Next(2) == 0)
            {
                messages[^1].Contents.Add(content);
            }
            else
            {
                messages.Add(new(role, [content]));
            }
        }

        return messages;
    }

    // No object is the same one again: a program may have stored them.
    private static IEnumerable<AIContent> Pieces(AIContent content, ChatRole role, Random random) => content switch
    {
        TextContent text when role == ChatRole.Assistant && random.Next(2) == 0 && random.Next(text.Text.Length) is var cut => [new TextContent(text.Text[..cut]), new TextContent(text.Text[cut..])],
        TextContent text => [new TextContent(text.Text)],
        FunctionCallContent call => [new FunctionCallContent(call.CallId, call.Name, call.Arguments)],
        FunctionResultContent result => [new FunctionResultContent(result.CallId, result.Result)],
        TextReasoningContent thought => random.Next(2) == 0 ? [] : [new TextReasoningContent(thought.Text)],
        DataContent data => [new DataContent(data.Data, data.MediaType)],
        _ => [new UsageContent()],
    };

    private sealed record Said(ChatRole Role, IReadOnlyList<AIContent> Contents);
}
