using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>Writes the members of a packed rollout as the files of a bundle.</summary>
internal sealed class MemberWriter(PackedReader reader, string directory)
{
    private readonly byte[] buffer = new byte[1 << 17];
    private byte[]? manifest;
    private int files;
    private long bytes;

    /// <summary>Writes all, or what is before a damage. The manifest comes last: it makes the directory a bundle.</summary>
    /// <exception cref="BundleException">There is no manifest.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public UnpackResult WriteAll()
    {
        BundleException? damage = null;
        try
        {
            while (reader.MoveNext())
            {
                WriteMember();
            }
        }
        catch (BundleException e)
        {
            damage = e;
        }

        using (var file = Create(BundleLayout.ManifestFileName))
        {
            file.Write(manifest ?? throw damage ?? new BundleException($"{directory}: there is no manifest"));
        }

        return new UnpackResult { Directory = directory, Files = files + 1, Bytes = bytes + manifest.Length, Damage = damage?.Message };
    }

    private void WriteMember()
    {
        if (reader.Name.Length == 0)
        {
            return;
        }

        if (reader.Name.EndsWith('/'))
        {
            PrivateFile.CreateDirectory(Path.Join(directory, reader.Name.TrimEnd('/')));
        }
        else if (reader.Rank.Group == MemberGroup.Manifest)
        {
            using var content = reader.ReadMember(BundleReaderOptions.Default.MaxLineBytes);
            manifest = content.Span.ToArray();
        }
        else if (reader.Length <= buffer.Length && reader.Rank.Group != MemberGroup.Log)
        {
            using var content = reader.ReadMember(buffer.Length);
            PayloadFile.WriteNew(Path.Join(directory, reader.Name), content.Span, fixMode: false);
            files++;
            bytes += content.Length;
        }
        else
        {
            WriteLong();
        }
    }

    private void WriteLong()
    {
        using var file = Create(reader.Name);
        try
        {
            while (reader.Read(buffer) is > 0 and var read)
            {
                file.Write(buffer.AsSpan(0, read));
                bytes += read;
            }

            files++;
        }
        catch (BundleException) when (reader.Rank.Group != MemberGroup.Log)
        {
            // Half a payload is none; half a log is a log that was cut.
            file.Dispose();
            BestEffort.DeleteFile(Path.Join(directory, reader.Name));
            throw;
        }
    }

    private GrowingFileStream Create(string name)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new GrowingFileStream(new FileStream(Path.Join(directory, name), options));
    }
}
