using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// <c>requests</c> to models, thread by thread in the order in which they were sent. What a request showed is the first <c>keep</c> items of the
/// one before it in its thread, and behind them its own <c>items</c>.
/// </summary>
internal static class RequestsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        var (rollout, index) = (scope.Rollout, scope.Rollout.Index);
        var cache = RolloutCache.Of(rollout, RolloutCache.DefaultTimeToLive).ToDictionary(static use => use.InferenceCallId, StringComparer.Ordinal);
        json.WriteStartArray("requests");
        foreach (var thread in scope.Threads)
        {
            var growth = RolloutContext.Growth(rollout, thread.ThreadId).ToDictionary(static step => step.InferenceCallId, StringComparer.Ordinal);
            foreach (var request in index.RequestsOfThread(thread.ThreadId))
            {
                json.WriteStartObject();
                json.WriteString("id", request.InferenceCallId);
                json.Number("thread", scope.ThreadOf(request.ThreadId));
                json.WriteString("turn", request.CodexTurnId);
                json.WriteString("model", request.Model);
                json.WriteString("provider", request.ProviderName);
                json.Text("response_id", request.ResponseId);
                json.Flag("is_unknown", rollout.Facts.UnknownRequests.ContainsKey(request.InferenceCallId));
                History(json, scope, request, index.RequestBefore(request)?.RequestItemIds ?? IdList.Empty);
                json.Runs("response", request.ResponseItemIds.Select(scope.ItemOf));
                if (growth[request.InferenceCallId].CompactionIds is { Count: > 0 } compactions)
                {
                    json.Texts("compactions", compactions);
                }

                if (rollout.GivenOf(request) is { } given)
                {
                    Given(json, scope, given);
                }

                if (cache.GetValueOrDefault(request.InferenceCallId)?.Miss is { } miss)
                {
                    Miss(json, scope, miss);
                }

                json.EndElement();
            }
        }

        json.WriteEndArray();
    }

    private static void History(Utf8JsonWriter json, ViewScope scope, InferenceCall request, IdList before)
    {
        var keep = 0;
        if (request.RequestItemIds.StartsWith(before))
        {
            keep = before.Count;
        }
        else
        {
            while (keep < Math.Min(before.Count, request.RequestItemIds.Count) && string.Equals(before[keep], request.RequestItemIds[keep], StringComparison.Ordinal))
            {
                keep++;
            }

            json.Runs("new", Transcript.NewAt(scope.Rollout, request).Entries.Select(entry => scope.ItemOf(entry.Item.ItemId)));
            json.Runs("gone", Transcript.GoneAt(scope.Rollout, request).Entries.Select(entry => scope.ItemOf(entry.Item.ItemId)));
        }

        json.WriteNumber("keep", keep);
        json.Runs("items", request.RequestItemIds.Skip(keep).Select(scope.ItemOf));
    }

    private static void Given(Utf8JsonWriter json, ViewScope scope, RequestGiven given)
    {
        json.WriteStartObject("given");
        json.WriteString("dialect", given.Dialect);
        json.WriteNumber("instructions_bytes", given.InstructionsBytes);
        if (scope.HasContent && given.Instructions is { } instructions)
        {
            json.WriteNumber("instructions", scope.Texts.Add(instructions));
        }

        json.WriteNumber("tools", scope.Texts.Add(Tools(given, scope.HasContent)));
        json.WriteNumber("parameters", scope.Texts.Add(Parameters(given, scope.HasContent)));
        json.WriteEndObject();
    }

    // Most requests give the same, so that a list is one text of JSON.
    private static string Tools(RequestGiven given, bool hasContent) => JsonOf(json =>
    {
        foreach (var tool in given.Tools)
        {
            json.WriteStartObject();
            json.Text("name", tool.Name);
            json.WriteNumber("bytes", tool.Bytes);
            json.Text("description", hasContent ? tool.Description : null);
            json.Text("schema", hasContent ? tool.Schema : null);
            json.Text("definition", hasContent && tool.Schema is null ? tool.Definition : null);
            json.WriteEndObject();
        }
    });

    private static string Parameters(RequestGiven given, bool hasContent) => JsonOf(json =>
    {
        foreach (var parameter in given.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.Text("value", hasContent ? parameter.Value : null);
            json.WriteEndObject();
        }
    });

    private static string JsonOf(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = ViewJson.WriterTo(stream))
        {
            json.WriteStartArray();
            write(json);
            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Miss(Utf8JsonWriter json, ViewScope scope, CacheMiss miss)
    {
        json.WriteStartObject("miss");
        json.WriteString("before", miss.BeforeInferenceCallId);
        json.WriteString("cause", KindName.Of(miss.Cause));
        json.Text("reason", scope.Content(miss.Reason));
        json.Number("pause_ms", miss.PauseMs);
        json.WriteNumber("expected_tokens", miss.ExpectedTokens);
        json.WriteNumber("missed_tokens", miss.MissedTokens);
        json.WriteEndObject();
    }
}
