using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Joining.Order;
using RolloutTrace.Joining.Parts;
using RolloutTrace.Joining.Tree;
using RolloutTrace.Wire;

namespace RolloutTrace.Joining.Writing;

/// <summary>Writes the events and payloads of all parts as one bundle.</summary>
internal sealed class JoinedBundle
{
    private readonly IReadOnlyList<RolloutGroup> joined;
    private readonly IReadOnlyList<Part> parts;
    private readonly Spool spool;
    private readonly BundleFilesWriter files;
    private readonly Dictionary<Part, RolloutGroup> groupOf = [];
    private readonly Dictionary<Part, Dictionary<string, long>> numbers = [];
    private readonly AddedEvents added;
    private readonly ThreadMetadata metadata;
    private readonly EventWriter events;
    private readonly HashSet<string> started = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> lastStart = new(StringComparer.Ordinal);
    private long seq;
    private long lastPayload;

    public JoinedBundle(IReadOnlyList<RolloutGroup> joined, IReadOnlyList<Part> parts, Spool spool, BundleFilesWriter files)
    {
        this.joined = joined;
        this.parts = parts;
        this.spool = spool;
        this.files = files;
        var ids = new IdTable(parts);
        added = new AddedEvents(joined, ids);
        metadata = new ThreadMetadata(new AgentNames(joined), ids);
        events = new EventWriter(joined[0].RolloutId, ids, NumberOf);
        foreach (var group in joined)
        {
            for (var i = 0; i < group.Parts.Count; i++)
            {
                groupOf[group.Parts[i]] = group;
                foreach (var threadId in group.Parts[i].Threads.Keys)
                {
                    lastStart[threadId] = i;
                }
            }
        }
    }

    /// <summary>Events that were written.</summary>
    public long Events => seq;

    /// <summary>Writes it.</summary>
    /// <returns>How many payloads could not be read, by part.</returns>
    /// <exception cref="JoinException">The parts have no order.</exception>
    public IReadOnlyList<(Part Part, int Missing)> Write()
    {
        foreach (var (part, index) in new MergeOrder(parts).Events())
        {
            Write(part, index);
            foreach (var behind in added.Behind(part, index))
            {
                WriteAdded(behind, Clock.Add(part.Events[index].Wall, part.Shift));
            }
        }

        var missing = new List<(Part, int)>();
        foreach (var part in parts.Where(numbers.ContainsKey))
        {
            var given = numbers[part];
            if (PartPayloads.ForEach(part, spool, given.ContainsKey, (id, bytes) => files.WritePayload(given[id], bytes.Span)) is > 0 and var count)
            {
                missing.Add((part, count));
            }
        }

        return missing;
    }

    /// <summary>The manifest of the whole.</summary>
    public BundleManifest Manifest()
    {
        var root = joined[0].First.Manifest;
        var lost = parts.Select(static part => part.Manifest.Lost).OfType<BundleLoss>().ToList();
        return new BundleManifest
        {
            TraceId = root.TraceId,
            RolloutId = root.RolloutId,
            RootThreadId = root.RootThreadId,
            StartedAtUnixMs = root.StartedAtUnixMs,
            Caller = root.Caller,
            ResumedFrom = root.ResumedFrom,
            Lost = lost.Count == 0 ? null : new BundleLoss { Cause = lost[0].Cause, Events = lost.Sum(static loss => loss.Events) },
            Joined = JoinedParts(),
        };
    }

    /// <summary>What was joined, in order of start.</summary>
    public IReadOnlyList<JoinedPart> JoinedParts() =>
        [.. parts.Select(static part => new JoinedPart { TraceId = part.TraceId, RolloutId = part.RolloutId, ShiftMs = part.Shift, Manifest = part.ManifestJson })];

    private void Write(Part part, int index)
    {
        var line = Documents.Parse(spool.Read(part.Events[index].Line));
        var payload = JsonText.Member(line, "payload");
        var threadId = JsonText.MemberOrNull(payload, "thread_id");
        PayloadReference? instead = null;
        Dictionary<string, Action<Utf8JsonWriter>>? replaced = null;
        if (IsPutAway(part, part.Events[index].Kind, threadId))
        {
            instead = PutAway(part, payload);
        }
        else if (part.Events[index].Kind == PartEventKind.ThreadStarted && threadId is not null)
        {
            started.Add(threadId);
            replaced = ReplacedOf(part, threadId, payload);
        }

        files.WriteLine(JsonLines.Written(json => events.Write(json, part, index, line, ++seq, replaced, instead)));
    }

    // There is one rollout, and a thread that goes on starts once and ends once.
    private bool IsPutAway(Part part, PartEventKind kind, string? threadId)
    {
        var group = groupOf[part];
        return kind switch
        {
            PartEventKind.RolloutStarted => part.Number != 1,
            PartEventKind.RolloutEnded => group != joined[0] || part != group.Parts[^1],
            PartEventKind.ThreadStarted => threadId is not null && part.Previous is not null && started.Contains(threadId),
            PartEventKind.ThreadEnded => threadId is not null && lastStart.TryGetValue(threadId, out var last) && group.Parts[last] is var goesOn && goesOn != part && IsBehind(group, part, last),
            _ => false,
        };
    }

    private static bool IsBehind(RolloutGroup group, Part part, int last)
    {
        for (var i = last; i > 0; i--)
        {
            if (group.Parts[i].Previous == part)
            {
                return true;
            }
        }

        return false;
    }

    private PayloadReference PutAway(Part part, JsonElement payload)
    {
        var own = JsonText.MemberOrNull(JsonText.Member(payload, "metadata_payload"), "raw_payload_id") is { } id && part.Payloads.TryGetValue(id, out var kept) && kept.File is null
            ? Documents.TryParse(spool.Read(kept.Place))
            : default;
        return WritePayload(PayloadKind.ProtocolEvent, JsonLines.Written(json =>
        {
            json.WriteStartObject();
            WriteEvent(json, payload);
            json.WriteNumber("shift_ms"u8, part.Shift);
            if (own.ValueKind == JsonValueKind.Object)
            {
                json.WritePropertyName("metadata"u8);
                own.WriteTo(json);
            }

            json.WriteEndObject();
        }));
    }

    // Its metadata stands beside it: a reference would lead nowhere.
    private static void WriteEvent(Utf8JsonWriter json, JsonElement payload)
    {
        json.WriteStartObject("event"u8);
        foreach (var member in payload.EnumerateObject())
        {
            if (member.Name == "metadata_payload")
            {
                json.WriteNull("metadata_payload"u8);
            }
            else
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private Dictionary<string, Action<Utf8JsonWriter>>? ReplacedOf(Part part, string threadId, JsonElement payload)
    {
        var group = groupOf[part];
        var own = JsonText.MemberOrNull(JsonText.Member(payload, "metadata_payload"), "raw_payload_id") is { } id && part.Payloads.TryGetValue(id, out var kept) && kept.File is null
            ? Documents.TryParse(spool.Read(kept.Place))
            : default;
        if (metadata.Of(group, part, threadId, group == joined[0], own) is not { } given)
        {
            return null;
        }

        var reference = WritePayload(PayloadKind.SessionMetadata, given);
        var replaced = new Dictionary<string, Action<Utf8JsonWriter>>(StringComparer.Ordinal) { ["metadata_payload"] = reference.Write };
        if (JsonText.MemberOrNull(Documents.Parse(given), "own_agent_path") is not null && JsonText.MemberOrNull(Documents.Parse(given), "agent_path") is { } path)
        {
            replaced["agent_path"] = json => json.WriteStringValue(path);
        }

        return replaced;
    }

    private void WriteAdded(AddedEvents.Added behind, long wall)
    {
        var (turnId, toolCallId, threadId) = (added.TurnOf(behind), added.ToolOf(behind), behind.Group.RootThreadId);
        RawEventPayload payload = behind.Text is not null
            ? added.Result(behind)
            : new ProtocolEventObservedEvent
            {
                EventType = Breadcrumbs.Called,
                EventPayload = WritePayload(PayloadKind.ProtocolEvent, AddedEvents.CalledPayload(toolCallId, threadId, turnId)),
            };
        var e = new RawEvent
        {
            Seq = ++seq,
            WallTimeUnixMs = wall,
            RolloutId = joined[0].RolloutId,
            ThreadId = threadId,
            CodexTurnId = turnId,
            Payload = payload,
            Part = behind.Call.Callee.TraceId,
        };
        files.WriteLine(JsonLines.Written(e.WriteTo));
    }

    private PayloadReference WritePayload(PayloadKind kind, byte[] payload)
    {
        files.WritePayload(++lastPayload, payload);
        return PayloadReference.ForNumber(lastPayload, kind);
    }

    private long NumberOf(Part part, string id)
    {
        var given = numbers.TryGetValue(part, out var known) ? known : numbers[part] = new Dictionary<string, long>(StringComparer.Ordinal);
        return given.TryGetValue(id, out var number) ? number : given[id] = ++lastPayload;
    }
}
