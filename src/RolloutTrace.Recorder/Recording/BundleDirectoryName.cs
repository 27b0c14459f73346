using System.Buffers;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>The bundle's directory name. Thread ids may come from the observed program, so they are not trusted as file names.</summary>
internal static class BundleDirectoryName
{
    private const int MaxLength = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public static string Of(BundleManifest manifest)
    {
        var name = BundleLayout.DirectoryName(manifest.TraceId, manifest.RootThreadId);
        if (name.Length <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed))
        {
            return name;
        }

        return string.Create(Math.Min(name.Length, MaxLength), name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = Allowed.Contains(source[i]) ? source[i] : '_';
            }
        });
    }
}
