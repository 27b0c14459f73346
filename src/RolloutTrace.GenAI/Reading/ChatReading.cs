using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What a span says of a request to a model.</summary>
internal sealed class ChatReading
{
    // In the order in which a request has them.
    private static readonly (string Name, string[] Attributes)[] ParameterNames =
    [
        ("temperature", ["gen_ai.request.temperature", "ai.settings.temperature"]),
        ("top_p", ["gen_ai.request.top_p", "ai.settings.topP"]),
        ("top_k", ["gen_ai.request.top_k", "ai.settings.topK"]),
        ("max_output_tokens", ["gen_ai.request.max_tokens", "ai.settings.maxOutputTokens", "ai.settings.maxTokens"]),
        ("frequency_penalty", ["gen_ai.request.frequency_penalty", "llm.frequency_penalty", "ai.settings.frequencyPenalty"]),
        ("presence_penalty", ["gen_ai.request.presence_penalty", "llm.presence_penalty", "ai.settings.presencePenalty"]),
        ("stop", ["gen_ai.request.stop_sequences", "llm.chat.stop_sequences"]),
        ("seed", ["gen_ai.request.seed", "gen_ai.openai.request.seed"]),
        ("n", ["gen_ai.request.choice.count"]),
        ("service_tier", ["openai.request.service_tier", "gen_ai.openai.request.service_tier"]),
        ("stream", ["gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming"]),
    ];

    private readonly bool isLeft;

    private ChatReading(ForeignSpan span, TagTable tags, ChatReading? earlier)
    {
        Tags = tags;
        Content = ChatContent.Read(tags, span.Events, earlier?.Tags, earlier?.Content);
        Model = tags.Text("gen_ai.request.model", "llm.model_name", "ai.model.id", "llm.request.model", "gen_ai.response.model");
        Provider = tags.Text("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider");
        ResponseId = tags.Text("gen_ai.response.id", "ai.response.id");
        ConversationId = tags.Text("gen_ai.conversation.id");
        PreviousResponseId = tags.Text("gen_ai.request.previous_response.id", "gen_ai.openai.request.previous_response_id");
        IsCompacted = tags.IsTrue("gen_ai.conversation.compacted");
        FinishReasons = Reasons(tags);
        Usage = UsageOf(tags);
        var outcome = SpanOutcome.Of(span, tags);
        isLeft = outcome.Status == ExecutionStatus.Completed && IsLeft(tags, span);
        Outcome = isLeft ? new SpanOutcome(ExecutionStatus.Cancelled, null, "the stream was left") : outcome;
    }

    private ChatReading(ChatReading around, ChatReading inner)
    {
        var (first, then) = around.IsWhole || !inner.Content.IsCaptured ? (around, inner) : (inner, around);
        Tags = around.Tags;
        Content = first.Content.CompletedBy(then.Content);
        Model = first.Model ?? then.Model;
        Provider = first.Provider ?? then.Provider;
        ResponseId = first.ResponseId ?? then.ResponseId;
        ConversationId = around.ConversationId ?? inner.ConversationId;
        PreviousResponseId = first.PreviousResponseId ?? then.PreviousResponseId;
        IsCompacted = around.IsCompacted || inner.IsCompacted;
        FinishReasons = first.FinishReasons.Count > 0 ? first.FinishReasons : then.FinishReasons;
        Usage = first.Usage ?? then.Usage;
        isLeft = around.isLeft && inner.isLeft;
        Outcome = around.isLeft ? inner.Outcome : around.Outcome;
    }

    public TagTable Tags { get; }

    public ChatContent Content { get; }

    public string? Model { get; }

    public string? Provider { get; }

    public string? ResponseId { get; }

    public string? ConversationId { get; }

    public string? PreviousResponseId { get; }

    /// <summary>Whether the request is the first one with a shorter history.</summary>
    public bool IsCompacted { get; }

    public IReadOnlyList<string> FinishReasons { get; }

    /// <summary>Whether it says that it ended in order to call tools.</summary>
    public bool AsksForTool => FinishReasons.Any(static reason => reason.Contains("tool", StringComparison.OrdinalIgnoreCase) || reason.Contains("function", StringComparison.OrdinalIgnoreCase));

    public TokenUsage? Usage { get; }

    public SpanOutcome Outcome { get; }

    /// <summary>Whether it has the request itself, so that what a span inside says of the same one adds nothing.</summary>
    public bool IsWhole => Tags.Has("gcp.vertex.agent.llm_request") && Content.Input.Count > 0;

    /// <summary>Whether nothing that is told of a request that was answered is missing.</summary>
    public bool TellsAll => Outcome.Status != ExecutionStatus.Completed
        || (Content is { Input.Count: > 0, Output.Count: > 0 } && Usage is not null && ResponseId is not null
            && !Content.Input.Any(static item => item is { Kind: ItemKind.Output, Text.Length: 0 })
            && !(AsksForTool && Content.Output.All(static item => item.Kind != ItemKind.Call)));

    /// <summary>What two spans tell of one request, where one client stands around another: what the inner one has of what was said counts, since it goes to the model, and of the other what that has not.</summary>
    public ChatReading With(ChatReading inner) => new(this, inner);

    public static ChatReading Read(ForeignSpan span, TagTable tags, ChatReading? earlier) => new(span, tags, earlier);

    /// <summary>Writes the parameters as members of a request.</summary>
    public void WriteParameters(Utf8JsonWriter writer)
    {
        var invocation = Tags.Json("llm.invocation_parameters");
        foreach (var (name, attributes) in ParameterNames)
        {
            if (Tags.Value(attributes) is { } value)
            {
                writer.WritePropertyName(name);
                WriteParameter(writer, value);
                invocation = Without(invocation, name);
            }
        }

        if (Tags.Text("gen_ai.request.reasoning.level", "gen_ai.request.reasoning_effort", "gen_ai.openai.request.reasoning_effort") is { } effort)
        {
            writer.WriteStartObject("reasoning"u8);
            writer.WriteString("effort"u8, effort);
            writer.WriteEndObject();
        }

        if (invocation is { ValueKind: JsonValueKind.Object } others)
        {
            foreach (var member in others.EnumerateObject())
            {
                var name = JsonText.Name(member, out _);
                if (name is not ("model" or "messages" or "tools" or "input" or "instructions" or "system" or "previous_response_id"))
                {
                    writer.WritePropertyName(name);
                    JsonValue.WriteElement(writer, member.Value);
                }
            }
        }
    }

    // A number that came as text is a number all the same.
    private static void WriteParameter(Utf8JsonWriter writer, object value)
    {
        if (value is string text && JsonValue.Parse(text) is { ValueKind: JsonValueKind.Number or JsonValueKind.Array } json)
        {
            JsonValue.WriteElement(writer, json);
        }
        else if (JsonValue.Text(value) is { } word && (word.Equals("true", StringComparison.OrdinalIgnoreCase) || word.Equals("false", StringComparison.OrdinalIgnoreCase)))
        {
            writer.WriteBooleanValue(word.Equals("true", StringComparison.OrdinalIgnoreCase));
        }
        else
        {
            JsonValue.Write(writer, value);
        }
    }

    private static JsonElement? Without(JsonElement? invocation, string name)
    {
        if (invocation is not { ValueKind: JsonValueKind.Object } json || JsonText.Member(json, name).ValueKind == JsonValueKind.Undefined)
        {
            return invocation;
        }

        return JsonElement.Parse(JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            foreach (var member in json.EnumerateObject())
            {
                if (JsonText.Name(member, out _) is var other && other != name)
                {
                    writer.WritePropertyName(other);
                    JsonValue.WriteElement(writer, member.Value);
                }
            }

            writer.WriteEndObject();
        }));
    }

    // A list, JSON text of one, one word, or beside each message.
    private static List<string> Reasons(TagTable tags)
    {
        var reasons = new List<string>();
        if (tags.Value("gen_ai.response.finish_reasons", "ai.response.finishReason", "llm.response.finish_reason", "gen_ai.response.finish_reason") is { } value)
        {
            if (JsonValue.Json(value) is { ValueKind: JsonValueKind.Array } list)
            {
                reasons.AddRange(list.EnumerateArray().Select(static word => JsonValue.Text(word)).OfType<string>());
            }
            else if (JsonValue.Text(value) is { Length: > 0 } word)
            {
                reasons.Add(word);
            }
        }

        if (reasons.Count == 0 && tags.Json("gen_ai.output.messages") is { ValueKind: JsonValueKind.Array } messages)
        {
            reasons.AddRange(messages.EnumerateArray().Select(static message => JsonText.MemberOrNull(message, "finish_reason")).Where(static word => word is { Length: > 0 })!);
        }

        if (reasons.Count == 0)
        {
            reasons.AddRange(tags.List("gen_ai.completion").Select(static completion => completion.Text("finish_reason")).OfType<string>());
        }

        return reasons;
    }

    private static TokenUsage? UsageOf(TagTable tags)
    {
        var input = tags.Integer("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "ai.usage.inputTokens", "ai.usage.promptTokens", "llm.usage.prompt_tokens", "gen_ai.response.prompt_tokens");
        var output = tags.Integer("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion", "ai.usage.outputTokens", "ai.usage.completionTokens", "llm.usage.completion_tokens", "gen_ai.response.completion_tokens");
        if (input is null && output is null)
        {
            return null;
        }

        var read = tags.Integer("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "llm.token_count.prompt_details.cache_read", "ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens", "gen_ai.usage.details.cache_read_tokens", "llm.usage.cache_read_input_tokens") ?? 0;
        var write = tags.Integer("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens", "llm.token_count.prompt_details.cache_write", "ai.usage.inputTokenDetails.cacheWriteTokens", "gen_ai.usage.details.cache_write_tokens", "llm.usage.cache_creation_input_tokens") ?? 0;
        var reasoning = tags.Integer("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "llm.token_count.completion_details.reasoning", "ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens", "gen_ai.usage.details.reasoning_tokens", "llm.usage.reasoning_tokens") ?? 0;

        // Of an API that counts what comes from its cache apart, as Anthropic's does, there is more of that than of input.
        var all = read > (input ?? 0) ? (input ?? 0) + read + Math.Max(0, write) : input ?? 0;

        // Of one that counts thoughts apart, as Google's does, there may be more of them than of output.
        var made = reasoning > (output ?? 0) ? (output ?? 0) + reasoning : output ?? 0;
        return new TokenUsage(all, made, read, write, reasoning).Sound();
    }

    // A stream that was read to its end says why it ended, or what it cost.
    private bool IsLeft(TagTable tags, ForeignSpan span) =>
        span.Status == System.Diagnostics.ActivityStatusCode.Unset
        && FinishReasons.Count == 0
        && Usage is null
        && (tags.IsTrue("gen_ai.request.stream") || tags.IsTrue("gen_ai.is_streaming") || tags.IsTrue("llm.is_streaming"));
}
