using System.Text;
using System.Text.Json;

namespace RolloutTrace.Reducer.Tests.Scrubbing;

/// <summary>The texts of a bundle, told apart by the names of their members alone, and so independently of the scrubber.</summary>
internal sealed class FreeTexts
{
    private static readonly HashSet<string> StructuralNames =
    [
        .. """
            type id role phase status call_id name namespace tool_name tool_namespace model provider_name response_id previous_response_id
            upstream_request_id trace_id rollout_id root_thread_id thread_id codex_turn_id turn_id inference_call_id tool_call_id
            model_visible_call_id code_mode_runtime_tool_id mcp_call_id runtime_cell_id compaction_id compaction_request_id edge_id
            child_thread_id child_codex_turn_id parent_thread_id event_type raw_payload_id path server tool label process_id session_id
            cell_id event_id agent_thread_id sender_thread_id receiver_thread_id new_thread_id kind source file_id chunk_id
            reasoning_effort approval_policy span_id parent_span_id operation_id raw_event_log payloads_dir
            """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private readonly HashSet<string> structure = new(StringComparer.Ordinal);
    private readonly HashSet<string> free = new(StringComparer.Ordinal);

    public FreeTexts(string bundle)
    {
        foreach (var file in Directory.GetFiles(bundle, "*.json*", SearchOption.AllDirectories))
        {
            foreach (var document in file.EndsWith(".jsonl", StringComparison.Ordinal) ? File.ReadAllLines(file) : [File.ReadAllText(file)])
            {
                Take(document, "");
            }
        }
    }

    /// <summary>Free texts of at least four characters that no id, name or member holds too; what all bundles call the root agent is none.</summary>
    public IReadOnlyList<string> Secrets
    {
        get
        {
            var open = string.Join('\n', structure);
            return [.. free.Where(text => text.Length >= 4 && text != "/root" && !open.Contains(text, StringComparison.Ordinal))];
        }
    }

    /// <summary>The bytes of all the files, and all texts in them.</summary>
    public static string AllOf(string bundle)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.GetFiles(bundle, "*", SearchOption.AllDirectories))
        {
            all.Append(File.ReadAllText(file)).Append('\n');
        }

        var texts = new FreeTexts(bundle);
        return all.AppendJoin('\n', texts.free).Append('\n').AppendJoin('\n', texts.structure).ToString();
    }

    private bool Take(string text, string member)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 128 });
            Walk(document.RootElement, member);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private void Walk(JsonElement value, string member)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var inside in value.EnumerateObject())
                {
                    structure.Add(inside.Name);
                    Walk(inside.Value, inside.Name);
                }

                break;
            case JsonValueKind.Array:
                foreach (var entry in value.EnumerateArray())
                {
                    Walk(entry, member);
                }

                break;
            case JsonValueKind.String when value.GetString() is var text && !Take(text!, member):
                (StructuralNames.Contains(member) ? structure : free).Add(text!);
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                structure.Add(value.GetRawText());
                break;
        }
    }
}
