using System.Globalization;
using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Scrubbing;

namespace RolloutTrace.Reducer.Redaction;

/// <summary>Redacts one bundle. It is read twice: to find the secrets, and to take them out wherever they stand.</summary>
internal sealed class RedactionRun
{
    private const string WriterLock = "writer_lock";

    private static readonly byte[] TooLongLine = "{\"rollout_trace_redacted\":\"a line too long to be read\"}"u8.ToArray();
    private static readonly byte[] UnreadablePayload = "rollout_trace_redacted: what was here could not be read\n"u8.ToArray();

    private readonly BundleReader bundle;
    private readonly PrivateDirectory target;
    private readonly SecretTable table;
    private readonly SecretFinder finder;
    private readonly List<Hit> hits = [];
    private readonly List<Edit> edits = [];

    // What one event after the other says of one thing, in a payload each.
    private readonly Deltas told = new();
    private Dictionary<string, List<Edit>> cut = [];
    private long written;
    private long unreadable;

    public RedactionRun(BundleReader bundle, string directory, RedactOptions options)
    {
        this.bundle = bundle;
        target = new PrivateDirectory(directory);
        table = new SecretTable(new Replacements(options.Key));
        finder = new SecretFinder(new SecretRules(options), table);
    }

    public RedactResult Run()
    {
        var length = bundle.GetEventLogLength();
        var payloads = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in bundle.ReadEvents())
        {
            foreach (var reference in line.Event?.Payload.PayloadReferences ?? [])
            {
                payloads.TryAdd(reference.Path, line.Event is { Payload: ProtocolEventObservedEvent told } ? $"{line.Event.ThreadId} {told.EventType} " : "");
            }
        }

        Look(length, payloads);
        table.Complete();
        cut = told.Find(finder);
        WriteLog(length);
        WriteManifest();
        foreach (var path in payloads.Keys)
        {
            WritePayload(path);
        }

        return new RedactResult { Secrets = [.. table.Reports], Payloads = written, Unreadable = unreadable };
    }

    private void Look(long length, OrderedDictionary<string, string> payloads)
    {
        using (var manifest = bundle.Files.Read(BundleLayout.ManifestFileName, BundleReaderOptions.Default.MaxLineBytes))
        {
            Find(FileText.Of(manifest.Span), BundleLayout.ManifestFileName);
        }

        Lines(length, (line, _, number) =>
        {
            if (line is { } bytes)
            {
                Find(FileText.Of(bytes.Span), bundle.Manifest.RawEventLog, number);
            }
        });
        foreach (var (path, stream) in payloads)
        {
            if (Read(path) is { } bytes)
            {
                using (bytes)
                {
                    var text = FileText.Of(bytes.Span);
                    Find(text, path);
                    if (stream.Length > 0)
                    {
                        told.Add(text.Json, new MappedText(text.Text, 0), path, stream);
                    }
                }
            }
        }
    }

    // The copy is nobody's to write any more.
    private void WriteManifest()
    {
        using var bytes = bundle.Files.Read(BundleLayout.ManifestFileName, BundleReaderOptions.Default.MaxLineBytes);
        var text = FileText.Of(bytes.Span);
        var redacted = Redact(text, BundleLayout.ManifestFileName);
        using var file = PrivateDirectory.CreateFile(target.Resolve(BundleLayout.ManifestFileName)!);
        file.Write(text.BytesOf(WithoutLock(redacted)));
    }

    private static string WithoutLock(string manifest) =>
        JsonTokens.Of(manifest).All.FirstOrDefault(static token => token is { Kind: JsonTokenKind.Text, Member: WriterLock, Parent: { Parent: null } }) is { } writer
            ? $"{manifest.AsSpan(0, writer.Start - 1)}null{manifest.AsSpan(writer.Start + writer.Length + 1)}"
            : manifest;

    private void WriteLog(long length)
    {
        using var file = new BufferedStream(PrivateDirectory.CreateFile(target.Resolve(bundle.Manifest.RawEventLog)!), 1 << 16);
        Lines(length, (line, hasEnd, number) =>
        {
            if (line is { } bytes)
            {
                var text = FileText.Of(bytes.Span);
                var redacted = Redact(text, bundle.Manifest.RawEventLog, number);
                file.Write(ReferenceEquals(redacted, text.Text) ? bytes.Span : text.BytesOf(redacted));
            }
            else
            {
                unreadable++;
                file.Write(TooLongLine);
            }

            if (hasEnd)
            {
                file.WriteByte((byte)'\n');
            }
        });
    }

    private void WritePayload(string path)
    {
        var place = Masked(path);
        if (target.Resolve(place.Replace('\\', '/')) is not { } full || File.Exists(full) || Path.EndsInDirectorySeparator(full) || !Exists(path))
        {
            return;
        }

        using var bytes = Read(path);
        using var file = PrivateDirectory.CreateFile(full);
        written++;
        if (bytes is null)
        {
            unreadable++;
            file.Write(UnreadablePayload);
            return;
        }

        var text = FileText.Of(bytes.Span);
        var redacted = Redact(text, path, shown: place);
        file.Write(ReferenceEquals(redacted, text.Text) ? bytes.Span : text.BytesOf(redacted));
    }

    private void Lines(long length, Action<ReadOnlyMemory<byte>?, bool, int> take)
    {
        using var log = bundle.Files.OpenRead(bundle.Manifest.RawEventLog);
        var number = 0;
        foreach (var (line, hasEnd) in LogLines.Read(log, length, BundleReaderOptions.Default.MaxLineBytes))
        {
            take(line, hasEnd, ++number);
        }
    }

    // What is missing, or is no file, or lies outside, is missing in the copy.
    private bool Exists(string path)
    {
        try
        {
            return bundle.Files.Exists(path.Replace('\\', '/'));
        }
        catch (BundleException)
        {
            return false;
        }
    }

    private PayloadBytes? Read(string path)
    {
        try
        {
            return bundle.Files.Read(path.Replace('\\', '/'), BundleReaderOptions.Default.MaxPayloadBytes);
        }
        catch (BundleException)
        {
            return null;
        }
    }

    private string Redact(FileText text, string file, int? line = null, string? shown = null)
    {
        Find(text, file, line);
        return Edits.Apply(text.Text, edits, edit => edit.Mark.Secret.Note(new RedactedPlace { File = shown ?? file, Line = line, Member = edit.Token is null ? null : WayTo(edit.Token) }));
    }

    // Afterwards the edits are those of this text.
    private void Find(FileText text, string file, int? line = null)
    {
        edits.Clear();
        var source = new MappedText(text.Text, 0);
        try
        {
            foreach (var token in text.Json.All)
            {
                hits.Clear();
                finder.Find(token, source, hits);
                edits.AddRange(hits.SelectMany(hit => Edit.Of(hit, token)));
            }

            if (!text.Json.IsSound)
            {
                hits.Clear();
                finder.Find(source, hits);
                edits.AddRange(hits.SelectMany(static hit => Edit.Of(hit, null)));
            }
            else if (text.Json.All is [{ Parent: { } parent }, ..] && parent.Way().Last().IsList)
            {
                var stream = new Deltas();
                stream.Add(text.Json, source, file, "");
                edits.InsertRange(0, stream.Find(finder).GetValueOrDefault(file) ?? []);
            }
        }
        catch (RedactionException e)
        {
            throw new RedactionException($"{bundle.Files.DisplayNameOf(file)}{(line is null ? "" : $":{line}")}: {e.Message}", e);
        }

        // Of two that are the same, the first has its way: a piece of a whole has no mark of its own.
        edits.InsertRange(0, cut.GetValueOrDefault(file) ?? []);
    }

    // A text alone, as it becomes where it stands in a document.
    private string Masked(string text)
    {
        var own = new List<Hit>();
        finder.Find(new MappedText(text, 0), own);
        return Edits.Apply(text, [.. own.SelectMany(static hit => Edit.Of(hit, null))], static _ => { });
    }

    private string WayTo(JsonToken token)
    {
        var way = new StringBuilder();
        foreach (var container in token.Parent?.Way().Reverse() ?? [])
        {
            Add(container.Parent, container.Member, container.Index);
        }

        Add(token.Parent, token.Member, token.Index);
        return way.ToString();

        void Add(JsonContainer? parent, string? member, int index)
        {
            if (parent is { IsList: true })
            {
                way.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else if (member is not null)
            {
                way.Append(way.Length == 0 ? "" : ".").Append(Vocabulary.IsName(member) ? member : Masked(member));
            }
        }
    }
}
