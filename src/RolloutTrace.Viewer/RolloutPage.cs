using System.IO.Compression;
using RolloutTrace.Analysis;
using RolloutTrace.Viewer.Data;
using RolloutTrace.Viewer.Page;

namespace RolloutTrace.Viewer;

/// <summary>
/// A rollout as one HTML file: it needs no other file and no network, and works from a disk. Nothing of the bundle reaches the page's markup:
/// it is in compressed documents, which the page's script shows as text.
/// </summary>
public static class RolloutPage
{
    /// <summary>Version of the documents that a page holds; <c>README.md</c> of this assembly says what is in them.</summary>
    public const int DocumentVersion = ViewDocument.Version;

    // A third of the time of the usual level (6), for a fifth more bytes.
    private static readonly ZLibCompressionOptions Compression = new() { CompressionLevel = 3 };

    /// <summary>Writes the page, as UTF-8. Linear in the size of the bundle.</summary>
    /// <param name="rollout">The rollout. Without its bundle there are neither instructions nor tools nor evidence.</param>
    /// <param name="destination">Where to; it is left open.</param>
    /// <param name="options">What to show; null for the defaults.</param>
    public static void Write(OpenRollout rollout, Stream destination, RolloutPageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        using var evidence = new RolloutEvidence(rollout.Bundle, options);
        Write(rollout, evidence, destination, options);
    }

    /// <summary>Writes the page with evidence that was gathered while the bundle was reduced, which it observed.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="evidence">The evidence of the same bundle, with the same options.</param>
    /// <param name="destination">Where to; it is left open.</param>
    /// <param name="options">What to show; null for the defaults.</param>
    public static void Write(OpenRollout rollout, RolloutEvidence evidence, Stream destination, RolloutPageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(destination);
        evidence.Begin();
        var assembled = Task.Run(PageSources.Assemble);
        using var document = new MemoryStream();
        using var rest = new MemoryStream();
        Pack(document, first => Pack(rest, second =>
        {
            using var repeating = new RepeatingStream(second, () => evidence.Beginning);
            ViewDocument.Write(rollout, options ?? new RolloutPageOptions(), first, repeating);
        }));
        document.Position = 0;
        rest.Position = 0;
        var page = assembled.GetAwaiter().GetResult();
        destination.Write(page.BeforeData);
        Base64Lines.Write(document, destination);
        destination.Write(page.BeforeEvidence);
        Base64Lines.Write(evidence.Packed, destination);
        destination.Write(page.BeforeRest);
        Base64Lines.Write(rest, destination);
        destination.Write(page.AfterRest);
    }

    /// <summary>Writes what a page shows as one document, without the evidence, as JSON that is compressed with gzip: for <see cref="ServedPage.Rollout"/>.</summary>
    /// <inheritdoc cref="Write(OpenRollout, Stream, RolloutPageOptions?)"/>
    public static void WriteDocument(OpenRollout rollout, Stream destination, RolloutPageOptions? options = null) =>
        Pack(destination, stream => ViewDocument.Write(rollout, options ?? new RolloutPageOptions(), stream));

    /// <summary>Writes the evidence alone, compressed with gzip: what <c>README.md</c> of this assembly says of it.</summary>
    /// <inheritdoc cref="Write(OpenRollout, Stream, RolloutPageOptions?)"/>
    public static void WriteEvidence(OpenRollout rollout, Stream destination, RolloutPageOptions? options = null) =>
        Pack(destination, stream => EvidenceDocument.Write(rollout.Bundle, options ?? new RolloutPageOptions(), stream));

    /// <summary>A stream that compresses what is written, until it is disposed of.</summary>
    /// <param name="destination">Where to; it is left open.</param>
    internal static Stream PackTo(Stream destination) => new BufferedStream(new GZipStream(destination, Compression, leaveOpen: true), 1 << 16);

    /// <summary>Compresses what is written.</summary>
    internal static void Pack(Stream destination, Action<Stream> write)
    {
        using var packing = PackTo(destination);
        write(packing);
    }
}
