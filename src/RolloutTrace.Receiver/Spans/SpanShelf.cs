using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Receiver.Protocol;
using RolloutTrace.Receiver.Rollouts;

namespace RolloutTrace.Receiver.Spans;

/// <summary>
/// The traces that are open. A trace in which nothing tells of agents, models or tools is no rollout: it is kept since what does may come later, as long as a rollout would be, but
/// nobody waits for the device to have it, and of too many the oldest go. Safe for concurrent use.
/// </summary>
internal sealed class SpanShelf
{
    private const int MostUntold = 10_000;
    private const long MostBytes = 256L << 20;

    private static readonly ParallelOptions Writing = new() { MaxDegreeOfParallelism = 16 };

    private readonly Lock gate = new();
    private readonly Dictionary<string, OpenTrace> traces = new(StringComparer.Ordinal);
    private readonly GroupBonds bonds = new();
    private readonly string directory;
    private readonly string generation = Guid.NewGuid().ToString("n");
    private readonly OpenLimit limit;
    private readonly TimeProvider time;
    private int untold;

    public SpanShelf(string spool, OpenLimit limit, TimeProvider time)
    {
        (this.limit, this.time) = (limit, time);
        directory = Path.Join(spool, "spans");
        PrivateFile.CreateDirectory(directory);
        Packed = new PackedSpans(Path.Join(directory, "packed"));
    }

    /// <summary>Those that were packed. For who has the lock, but for copying.</summary>
    public PackedSpans Packed { get; }

    /// <summary>Goes on with those that were open when the process before ended.</summary>
    public void Reopen()
    {
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles().OrderBy(static file => file.LastWriteTimeUtc))
        {
            if (file.Name.Split('.') is not [{ Length: > 0 } id, _, _])
            {
                continue;
            }

            var read = new TraceSpans(id);
            SpanMapping.Read(file.FullName, read.Look, (_, _, _) => read.LookAtMessage());
            lock (gate)
            {
                var trace = FindOrOpen(id);
                trace.AddEarlier(file.FullName);
                Join(trace, read.Bonds);
                trace.Group.Came(read.HasMessages, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
                if (read.Tells && !trace.Group.Tells)
                {
                    limit.Reopen();
                    Tell(trace.Group);
                }
            }
        }
    }

    /// <summary>Takes the spans of a request.</summary>
    public ExportAnswer Take(ReadOnlyMemory<byte> message, bool isJson)
    {
        try
        {
            return Take(SpanBatch.Read(message, isJson));
        }
        catch (InvalidDataException e)
        {
            return new ExportAnswer(ExportFate.NoOtlp, $"it is no ExportTraceServiceRequest: {e.Message}");
        }
    }

    /// <summary>Takes the messages that were logged for spans, of a request of log records. They wait for their spans.</summary>
    public ExportAnswer TakeLogs(ReadOnlyMemory<byte> message, bool isJson)
    {
        try
        {
            return Take(SpanBatch.ReadLogs(message, isJson));
        }
        catch (InvalidDataException e)
        {
            return new ExportAnswer(ExportFate.NoOtlp, $"it is no ExportLogsServiceRequest: {e.Message}");
        }
    }

    private ExportAnswer Take(SpanBatch batch)
    {
        var rejections = new Rejections();
        if (batch.Rejected > 0)
        {
            rejections.Add(batch.Reason!, batch.Rejected);
        }

        var full = 0;
        string? unwritable = null;
        void One(TraceSpans spans)
        {
            switch (Take(spans, out var reason))
            {
                case ExportFate.Busy:
                    Interlocked.Increment(ref full);
                    break;
                case ExportFate.Unwritable:
                    Interlocked.CompareExchange(ref unwritable, reason, null);
                    break;
                case ExportFate.TooLarge:
                    lock (rejections)
                    {
                        rejections.Add(reason!, spans.Count);
                    }

                    break;
            }
        }

        Parallel.ForEach(batch.Traces, Writing, One);
        return unwritable is not null ? new ExportAnswer(ExportFate.Unwritable, unwritable)
            : full > 0 ? new ExportAnswer(ExportFate.Busy, $"{limit.Count} rollouts are open, and {full} more would be; those that are open were taken")
            : new ExportAnswer(ExportFate.Taken, rejections.ToString(), rejections.Count);
    }

    /// <summary>Those that are to be packed, to be forgotten, or to be bound to others by what was logged for them; each is given once until it is not queued any more.</summary>
    public IReadOnlyList<SpanGroup> TakeDue(DateTimeOffset now, TimeSpan idle)
    {
        lock (gate)
        {
            Packed.Forget(now);
            var due = new List<SpanGroup>();
            foreach (var group in Groups().Where(group => !group.IsQueued && now >= group.NotBefore && now - group.LastAt >= (group.IsUnbound ? idle / 2 : idle) && !group.IsWritten))
            {
                group.IsQueued = true;
                due.Add(group);
            }

            if (untold > MostUntold)
            {
                foreach (var group in Groups().Where(static group => !group.Tells && !group.IsQueued && !group.IsWritten).OrderBy(static group => group.LastAt).Take(untold - MostUntold).ToList())
                {
                    group.IsQueued = true;
                    due.Add(group);
                }
            }

            return due;
        }
    }

    /// <summary>
    /// Binds a group to others by the messages that were logged for its spans: these come apart from them, so that it is looked at when it has been quiet for a while.
    /// </summary>
    /// <returns>Whether that was to be done; then it is packed another time.</returns>
    public bool TryBind(SpanGroup group)
    {
        if (!group.IsUnbound)
        {
            return false;
        }

        var (version, files) = Look(group);
        var found = files.Where(static trace => trace.Value.Count > 0).Select(static trace => (trace.Key, Bonds: SpanMapping.BondsOf(trace.Value))).ToList();
        lock (gate)
        {
            if (group.Version == version)
            {
                group.IsUnbound = false;
                found.ForEach(trace => Join(traces[trace.Key], trace.Bonds));
            }
        }

        return true;
    }

    /// <summary>A group as it is now: its version, its files by trace, and whether they tell of a rollout.</summary>
    public (long Version, IReadOnlyDictionary<string, IReadOnlyList<string>> Files) Look(SpanGroup group)
    {
        lock (gate)
        {
            return (group.Version, group.Traces.ToDictionary(static trace => trace.Id, static trace => trace.Files, StringComparer.Ordinal));
        }
    }

    /// <summary>Ends a group, if no spans came since it was looked at.</summary>
    /// <param name="group">The group.</param>
    /// <param name="version">Its version then.</param>
    /// <param name="copies">Its files as they are kept; null if they are not.</param>
    public bool TryEnd(SpanGroup group, long version, IReadOnlyDictionary<string, List<string>>? copies)
    {
        lock (gate)
        {
            // One that has become part of another is not there any more.
            if (group.Version != version || group.IsWritten || group.Traces.Count == 0)
            {
                return false;
            }

            foreach (var trace in group.Traces)
            {
                traces.Remove(trace.Id);
            }

            bonds.Forget(group);

            if (copies is not null)
            {
                Packed.Add(copies, time.GetUtcNow());
            }

            if (group.Tells)
            {
                limit.Close();
            }
            else
            {
                untold--;
            }

            return true;
        }
    }

    private IEnumerable<SpanGroup> Groups() => traces.Values.Select(static trace => trace.Group).Distinct();

    private ExportFate Take(TraceSpans spans, out string? reason)
    {
        reason = null;
        OpenTrace trace;
        bool isDurable;
        lock (gate)
        {
            if (!traces.TryGetValue(spans.TraceId, out var known) && !spans.Tells && untold > 2 * MostUntold)
            {
                return spans.HasMessages ? ExportFate.Busy : ExportFate.Taken;
            }

            if (spans.Tells && known is not { Group.Tells: true } && !limit.TryOpen())
            {
                return ExportFate.Busy;
            }

            var wasTelling = known is { Group.Tells: true };
            trace = known ?? FindOrOpen(spans.TraceId);
            if (spans.Tells && !wasTelling)
            {
                if (trace.Group.Tells)
                {
                    // It was packed before, and has counted itself.
                    limit.Close();
                }

                Tell(trace.Group);
            }

            Join(trace, spans.Bonds);
            trace.Writers++;
            trace.Group.Came(spans.HasMessages, time.GetUtcNow());
            isDurable = trace.Group.Tells || spans.HasMessages;
        }

        try
        {
            if (trace.Bytes + spans.Messages.Length + spans.Lines.Length > MostBytes)
            {
                reason = $"trace {trace.Id} has more than {MostBytes} bytes";
                return ExportFate.TooLarge;
            }

            trace.Write(spans, isDurable);
            return ExportFate.Taken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
            return ExportFate.Unwritable;
        }
        finally
        {
            lock (gate)
            {
                trace.Writers--;
                trace.Group.Version++;
            }
        }
    }

    private OpenTrace FindOrOpen(string id)
    {
        if (traces.TryGetValue(id, out var known))
        {
            return known;
        }

        var group = new SpanGroup { LastAt = time.GetUtcNow() };
        if (Packed.Take(id) is not { } before)
        {
            untold++;
            return Open(id, group);
        }

        group.IsReopened = group.Tells = true;
        limit.Reopen();
        foreach (var (trace, paths) in before)
        {
            var again = Open(trace, group);
            paths.ForEach(again.AddEarlier);
        }

        return traces[id];
    }

    private OpenTrace Open(string id, SpanGroup group)
    {
        var trace = new OpenTrace(id, directory, generation) { Group = group };
        traces.Add(id, trace);
        group.Traces.Add(trace);
        return trace;
    }

    private void Tell(SpanGroup group)
    {
        if (!group.Tells)
        {
            group.Tells = true;
            untold--;
        }
    }

    private void Join(OpenTrace trace, TraceBonds said)
    {
        var linked = said.LinkedTraces.Select(traces.GetValueOrDefault).OfType<OpenTrace>().Select(static other => other.Group);

        // One that has become part of another has no traces any more.
        foreach (var other in linked.Concat(bonds.Join(trace.Group, trace.Id, said)).ToList())
        {
            if (other != trace.Group && other.Traces.Count > 0)
            {
                Merge(trace.Group, other);
            }
        }
    }

    private void Merge(SpanGroup from, SpanGroup into)
    {
        foreach (var trace in from.Traces)
        {
            trace.Group = into;
            into.Traces.Add(trace);
        }

        bonds.Move(from, into);
        if (from.Tells && into.Tells)
        {
            limit.Close();
        }
        else
        {
            untold--;
            into.Tells |= from.Tells;
        }

        into.IsReopened |= from.IsReopened;
        into.HasMessages |= from.HasMessages;
        into.IsUnbound |= from.IsUnbound;
        into.LastAt = from.LastAt > into.LastAt ? from.LastAt : into.LastAt;
        into.Version++;

        // Who is packing it as it was finds that it is another.
        from.Version++;
        from.Traces.Clear();
        from.Tells = false;
    }
}
