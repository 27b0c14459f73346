namespace RolloutTrace.Bundle;

/// <summary>Makes the full paths of payload files, in one buffer: of thousands of them none is needed for longer than a call.</summary>
internal sealed class PayloadPath
{
    private const string Extension = ".json";
    private const int MaxDigits = 20;

    private readonly char[] buffer;
    private readonly int directoryLength;

    public PayloadPath(string bundleDirectory)
    {
        var directory = Path.Join(bundleDirectory, BundleLayout.PayloadsDirectoryName) + Path.DirectorySeparatorChar;
        directoryLength = directory.Length;
        buffer = new char[directoryLength + MaxDigits + Extension.Length];
        directory.CopyTo(buffer);
    }

    /// <summary>The path of the payload's file, valid until the next call.</summary>
    public ReadOnlySpan<char> Of(long number)
    {
        number.TryFormat(buffer.AsSpan(directoryLength), out var digits);
        Extension.CopyTo(buffer.AsSpan(directoryLength + digits));
        return buffer.AsSpan(0, directoryLength + digits + Extension.Length);
    }
}
