using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Parts;

/// <summary>Goes through the payloads of a part, one after the other, in the order in which they were named first.</summary>
internal static class PartPayloads
{
    /// <summary>Reads payloads.</summary>
    /// <param name="part">The part.</param>
    /// <param name="spool">Where those are that are in no file.</param>
    /// <param name="isWanted">Which of them, by their ids.</param>
    /// <param name="use">Takes one; its bytes are valid during the call.</param>
    /// <returns>How many could not be read.</returns>
    /// <exception cref="BundleException">The bundle cannot be opened any more.</exception>
    public static int ForEach(Part part, Spool spool, Func<string, bool> isWanted, Action<string, ReadOnlyMemory<byte>> use)
    {
        var missing = 0;
        var (reader, files) = part.Source.Open();
        using (files)
        {
            foreach (var id in part.PayloadOrder.Where(isWanted))
            {
                var payload = part.Payloads[id];
                if (payload.File is null)
                {
                    use(id, spool.Read(payload.Place));
                    continue;
                }

                try
                {
                    using var bytes = reader.Files.Read(payload.File, BundleReaderOptions.Default.MaxPayloadBytes);
                    use(id, bytes.Span.ToArray());
                }
                catch (BundleException)
                {
                    missing++;
                }
            }
        }

        return missing;
    }
}
