using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// What a request of any API says besides its messages, as far as OpenTelemetry's conventions have a name for it. Reading it makes nothing
/// of the messages, and costs no more than stepping over them; what cannot be read is not there.
/// </summary>
internal struct RequestParameters
{
    private const string Json = "json";

    private static readonly FrozenSet<string> Presences = FrozenSet.Create(
        StringComparer.Ordinal,
        "instructions", "system", "systemInstruction", "system_instruction", "system_instructions", "tools", "functions", "tool_definitions");

    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            .. Presences, "reasoning", "output_config", "generationConfig", "generation_config", "text", "response_format", "previous_response_id", "stream", "temperature",
            "top_p", "topP", "top_k", "topK", "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "frequency_penalty", "frequencyPenalty",
            "presence_penalty", "presencePenalty", "seed", "n", "candidateCount", "candidate_count", "stop", "stop_sequences", "stopSequences", "reasoning_effort",
        ]);

    private bool? stream;
    private double? temperature;
    private double? topP;
    private long? topK;
    private long? maxTokens;
    private double? frequencyPenalty;
    private double? presencePenalty;
    private long? seed;
    private long? choiceCount;
    private string[]? stopSequences;
    private string? reasoningLevel;
    private string? outputType;

    /// <summary>The response that the request continues; null if it names none.</summary>
    public string? PreviousResponseId { get; private set; }

    /// <summary>Whether it has instructions that stand beside the messages.</summary>
    public bool HasInstructions { get; private set; }

    /// <summary>Whether it has definitions of tools.</summary>
    public bool HasTools { get; private set; }

    /// <summary>Reads them from a request.</summary>
    /// <param name="request">A JSON document, which need not be valid.</param>
    public static RequestParameters Read(ReadOnlySpan<byte> request)
    {
        var parameters = default(RequestParameters);
        var members = new JsonMembers(request.StartsWith("\ufeff"u8) ? request[3..] : request);
        while (members.Next())
        {
            parameters.Add(members.Name, members.Value);
        }

        return parameters;
    }

    /// <summary>Whether a member of a request may say something of interest.</summary>
    public static bool Knows(string name) => Names.Contains(name);

    /// <summary>Whether it matters only that a member is there, and not what it says.</summary>
    public static bool KnowsPresenceOf(string name) => Presences.Contains(name);

    /// <summary>Takes a member of a request.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value, a JSON document.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("reasoning"u8) || name.SequenceEqual("output_config"u8))
        {
            reasoningLevel = Text(Inside(value, "effort"u8)) ?? reasoningLevel;
        }
        else if (name.SequenceEqual("generationConfig"u8) || name.SequenceEqual("generation_config"u8))
        {
            AddGroup(value);
        }
        else if (name.SequenceEqual("text"u8))
        {
            AddFormat(Inside(value, "format"u8));
        }
        else if (name.SequenceEqual("response_format"u8))
        {
            AddFormat(value);
        }
        else if (name.SequenceEqual("previous_response_id"u8))
        {
            PreviousResponseId = Text(value);
        }
        else if (IsAnyOf(name, "instructions"u8, "system"u8, "systemInstruction"u8, "system_instruction"u8, "system_instructions"u8))
        {
            HasInstructions = IsSomething(value);
        }
        else if (IsAnyOf(name, "tools"u8, "functions"u8, "tool_definitions"u8))
        {
            HasTools = IsSomething(value);
        }
        else
        {
            AddScalar(name, value);
        }
    }

    /// <summary>Tells all that the request says, by the names of attributes.</summary>
    public readonly void Tell<TState>(TState state, Action<TState, string, object> set)
    {
        Tell(state, set, RolloutAttributes.GenAI.RequestStream, stream);
        Tell(state, set, RolloutAttributes.GenAI.RequestTemperature, temperature);
        Tell(state, set, RolloutAttributes.GenAI.RequestTopP, topP);
        Tell(state, set, RolloutAttributes.GenAI.RequestTopK, topK);
        Tell(state, set, RolloutAttributes.GenAI.RequestMaxTokens, maxTokens);
        Tell(state, set, RolloutAttributes.GenAI.RequestFrequencyPenalty, frequencyPenalty);
        Tell(state, set, RolloutAttributes.GenAI.RequestPresencePenalty, presencePenalty);
        Tell(state, set, RolloutAttributes.GenAI.RequestSeed, seed);
        Tell(state, set, RolloutAttributes.GenAI.RequestChoiceCount, choiceCount == 1 ? null : choiceCount);
        Tell(state, set, RolloutAttributes.GenAI.RequestStopSequences, stopSequences);
        Tell(state, set, RolloutAttributes.GenAI.RequestReasoningLevel, reasoningLevel);
        Tell(state, set, RolloutAttributes.GenAI.OutputType, outputType);
    }

    private static void Tell<TState>(TState state, Action<TState, string, object> set, string name, object? value)
    {
        if (value is not null)
        {
            set(state, name, value);
        }
    }

    private static void Tell<TState, TValue>(TState state, Action<TState, string, object> set, string name, TValue? value)
        where TValue : struct
    {
        if (value is { } given)
        {
            set(state, name, given);
        }
    }

    // One by one, since most members have other names: a length and a few bytes are compared.
    private void AddScalar(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("stream"u8))
        {
            stream = value.SequenceEqual("true"u8) ? true : value.SequenceEqual("false"u8) ? false : null;
        }
        else if (name.SequenceEqual("temperature"u8))
        {
            temperature = Number(value);
        }
        else if (IsAnyOf(name, "top_p"u8, "topP"u8))
        {
            topP = Number(value);
        }
        else if (IsAnyOf(name, "top_k"u8, "topK"u8))
        {
            topK = Whole(value);
        }
        else if (IsAnyOf(name, "max_tokens"u8, "max_completion_tokens"u8, "max_output_tokens"u8, "maxOutputTokens"u8))
        {
            maxTokens = Whole(value) ?? maxTokens;
        }
        else if (IsAnyOf(name, "frequency_penalty"u8, "frequencyPenalty"u8))
        {
            frequencyPenalty = Number(value);
        }
        else if (IsAnyOf(name, "presence_penalty"u8, "presencePenalty"u8))
        {
            presencePenalty = Number(value);
        }
        else if (name.SequenceEqual("seed"u8))
        {
            seed = Whole(value);
        }
        else if (IsAnyOf(name, "n"u8, "candidateCount"u8, "candidate_count"u8))
        {
            choiceCount = Whole(value);
        }
        else if (IsAnyOf(name, "stop"u8, "stop_sequences"u8, "stopSequences"u8))
        {
            stopSequences = Texts(value);
        }
        else if (name.SequenceEqual("reasoning_effort"u8))
        {
            reasoningLevel = Text(value) ?? reasoningLevel;
        }
    }

    // Gemini's parameters stand together.
    private void AddGroup(ReadOnlySpan<byte> group)
    {
        var members = new JsonMembers(group);
        while (members.Next())
        {
            if (IsAnyOf(members.Name, "thinkingConfig"u8, "thinking_config"u8))
            {
                reasoningLevel = Text(Inside(members.Value, "thinkingLevel"u8)) ?? Text(Inside(members.Value, "thinking_level"u8));
            }
            else if (IsAnyOf(members.Name, "responseMimeType"u8, "response_mime_type"u8))
            {
                outputType = Text(members.Value) switch
                {
                    "application/json" => Json,
                    "text/plain" => "text",
                    _ => null,
                };
            }
            else
            {
                AddScalar(members.Name, members.Value);
            }
        }
    }

    private void AddFormat(ReadOnlySpan<byte> format) => outputType = Text(Inside(format, "type"u8)) switch
    {
        "text" => "text",
        "json_object" or "json_schema" => Json,
        _ => null,
    };

    private static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> group, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> found = default;
        var members = new JsonMembers(group);
        while (members.Next())
        {
            if (members.Name.SequenceEqual(name))
            {
                found = members.Value;
            }
        }

        return found;
    }

    private static bool IsSomething(ReadOnlySpan<byte> value) =>
        !value.SequenceEqual("null"u8) && !value.SequenceEqual("\"\""u8) && !value.SequenceEqual("[]"u8) && !value.SequenceEqual("{}"u8);

    private static bool IsAnyOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, ReadOnlySpan<byte> third = default, ReadOnlySpan<byte> fourth = default, ReadOnlySpan<byte> fifth = default) =>
        name.SequenceEqual(one) || name.SequenceEqual(other) || (!name.IsEmpty && (name.SequenceEqual(third) || name.SequenceEqual(fourth) || name.SequenceEqual(fifth)));

    private static double? Number(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out double number, out var read) && read == value.Length && double.IsFinite(number) ? number : null;

    private static long? Whole(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long number, out var read) && read == value.Length ? number
        : Number(value) is { } real && real == Math.Floor(real) && Math.Abs(real) < 1L << 53 ? (long)real
        : null;

    private static string[]? Texts(ReadOnlySpan<byte> value)
    {
        if (Text(value) is { } text)
        {
            return [text];
        }

        if (value.IsEmpty || value[0] != '[')
        {
            return null;
        }

        try
        {
            var texts = new List<string>();
            var reader = new Utf8JsonReader(value);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1)
                {
                    texts.Add(reader.GetString()!);
                }
            }

            return texts.Count > 0 ? Spans.SpanTags.Cut([.. texts]) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(ReadOnlySpan<byte> value)
    {
        if (value.Length < 3 || value[0] != '"')
        {
            return null;
        }

        if (!value.Contains((byte)'\\'))
        {
            return Spans.SpanTags.Cut(Encoding.UTF8.GetString(value[1..^1]));
        }

        try
        {
            var reader = new Utf8JsonReader(value);
            return reader.Read() ? Spans.SpanTags.Cut(reader.GetString()!) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
