using System.Buffers;
using System.IO.Enumeration;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>Goes through an event log for counts and names, without making events of its lines.</summary>
internal sealed class LogScan(BundleReader bundle, bool withUsage)
{
    private const int ChunkBytes = 1 << 16;

    private static readonly EnumerationOptions AllFiles = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private readonly List<string> agents = [];
    private readonly List<string> models = [];
    private int turns;
    private int requests;
    private int toolCalls;
    private int unreadableLines;
    private long? lastEvent;
    private RolloutStatus status = RolloutStatus.Running;
    private UsageSum usage;

    public BundleOverview Read(DateTimeOffset now)
    {
        var writer = bundle.FindWriter();
        Scan();
        var liveness = RolloutLiveness.Of(status, writer, lastEvent, now).With(bundle.Manifest.Lost);
        return new BundleOverview
        {
            Bundle = bundle.Directory,
            RolloutId = bundle.Manifest.RolloutId,
            StartedAtUnixMs = bundle.Manifest.StartedAtUnixMs,
            LastEventAtUnixMs = lastEvent,
            Status = liveness.Status,
            StatusEvidence = liveness.Evidence,
            Lost = liveness.Lost,
            Agents = agents,
            Turns = turns,
            Requests = requests,
            ToolCalls = toolCalls,
            Models = models,
            Bytes = Bytes(),
            Usage = withUsage ? usage.Total : null,
            UnreadableLines = unreadableLines,
        };
    }

    // A line longer than any limit is passed over, as by a reduction.
    private void Scan()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var log = bundle.OpenEventLog();
            if (log is null)
            {
                return;
            }

            long offset = 0;
            var held = 0;
            var isTooLong = false;
            int read;
            while ((read = RandomAccess.Read(log, buffer.AsSpan(held), offset)) > 0)
            {
                offset += read;
                held += read;
                var start = 0;
                int length;
                while ((length = buffer.AsSpan(start, held - start).IndexOf((byte)'\n')) >= 0)
                {
                    Line(buffer.AsSpan(start, length), isTooLong);
                    isTooLong = false;
                    start += length + 1;
                }

                buffer.AsSpan(start, held - start).CopyTo(buffer);
                held -= start;
                isTooLong |= held > BundleReaderOptions.Default.MaxLineBytes;
                if (isTooLong)
                {
                    held = 0;
                }
                else if (held == buffer.Length)
                {
                    buffer = Grow(buffer, held);
                }
            }

            Line(buffer.AsSpan(0, held), isTooLong);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{bundle.EventLogPath}: cannot be read: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int held)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private void Line(ReadOnlySpan<byte> line, bool isTooLong)
    {
        if (isTooLong)
        {
            unreadableLines++;
            return;
        }

        if (line.TrimEnd(" \t\r"u8).IsEmpty)
        {
            return;
        }

        try
        {
            var head = EventHead.Parse(line);
            lastEvent = head.WallTimeUnixMs ?? lastEvent;
            Count(head);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a line of a bundle whose program died, or one that is damaged: an overview does without it.
            unreadableLines++;
        }
    }

    private void Count(in EventHead head)
    {
        switch (head.Type)
        {
            case "thread_started" when head.AgentPath is not null:
                agents.Add(head.AgentPath);
                break;
            case "codex_turn_started":
                turns++;
                break;
            case "inference_started":
                requests++;
                if (head.Model is not null && !models.Contains(head.Model))
                {
                    models.Add(head.Model);
                }

                break;
            case "tool_call_started":
                toolCalls++;
                break;
            case "rollout_ended":
                status = head.Status switch
                {
                    "completed" => RolloutStatus.Completed,
                    "failed" => RolloutStatus.Failed,
                    "aborted" => RolloutStatus.Aborted,
                    _ => status,
                };
                break;
            case "inference_completed" when withUsage && head.ResponsePath is not null:
                usage.Add(bundle, head.ResponsePath);
                break;
        }
    }

    // One question to the system a file, and nothing made of the answer but its size: there may be hundreds of thousands.
    private long Bytes()
    {
        var payloads = bundle.Resolve(bundle.Manifest.PayloadsDir);
        var size = new FileInfo(bundle.EventLogPath).Length;
        return Directory.Exists(payloads)
            ? size + new FileSystemEnumerable<long>(payloads, static (ref FileSystemEntry entry) => entry.IsDirectory ? 0 : entry.Length, AllFiles).Sum()
            : size;
    }
}
