namespace RolloutTrace.Bundle;

/// <summary>What stands at a path.</summary>
internal enum FileKind
{
    /// <summary>A pipe, a socket or a device.</summary>
    Special,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, wherever it leads.</summary>
    Link,
}
