using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Given;

/// <summary>How payloads are parsed.</summary>
internal static class Documents
{
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };
}
