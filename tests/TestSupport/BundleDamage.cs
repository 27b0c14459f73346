namespace RolloutTrace.TestSupport;

/// <summary>Flips, cuts, repeats, reorders and splices the lines, members and payload files of a bundle.</summary>
public static class BundleDamage
{
    /// <summary>Damages a bundle in one to five ways.</summary>
    /// <param name="random">Decides what is done.</param>
    /// <param name="bundle">The bundle's directory, in the standard layout.</param>
    /// <param name="cases">A directory with cases, whose lines are spliced in.</param>
    public static void Inflict(Random random, string bundle, string cases)
    {
        var files = new DirectoryInfo(Path.Join(bundle, "payloads")).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var log = Path.Join(bundle, "trace.jsonl");
            switch (random.Next(files.Length == 0 ? 6 : 10))
            {
                case 0:
                    File.WriteAllBytes(log, FlipByte(random, File.ReadAllBytes(log)));
                    break;
                case 1:
                    File.WriteAllBytes(log, Cut(random, File.ReadAllBytes(log)));
                    break;
                case 2:
                    File.WriteAllLines(log, Repeat(random, File.ReadAllLines(log)));
                    break;
                case 3:
                    File.WriteAllLines(log, Swap(random, File.ReadAllLines(log)));
                    break;
                case 4:
                    File.WriteAllLines(log, Splice(random, File.ReadAllLines(log), cases));
                    break;
                case 5:
                    File.WriteAllText(log, ChangeWord(random, File.ReadAllText(log)));
                    break;
                case 6:
                    var file = Pick(random, files);
                    File.WriteAllBytes(file, FlipByte(random, File.ReadAllBytes(file)));
                    break;
                case 7:
                    var cut = Pick(random, files);
                    File.WriteAllBytes(cut, Cut(random, File.ReadAllBytes(cut)));
                    break;
                case 8:
                    var changed = Pick(random, files);
                    File.WriteAllText(changed, ChangeWord(random, File.ReadAllText(changed)));
                    break;
                case 9:
                    File.Copy(Pick(random, files), Pick(random, files) + ".new");
                    File.Move(Directory.GetFiles(Path.Join(bundle, "payloads"), "*.new")[0], Pick(random, files), overwrite: true);
                    break;
            }
        }
    }

    private static string Pick(Random random, FileInfo[] files) => files[random.Next(files.Length)].FullName;

    private static byte[] FlipByte(Random random, byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Cut(Random random, byte[] bytes)
    {
        var start = random.Next(bytes.Length + 1);
        return [.. bytes[..start], .. bytes[Math.Min(bytes.Length, start + random.Next(200))..]];
    }

    private static string[] Repeat(Random random, string[] lines)
    {
        var line = random.Next(lines.Length);
        var at = random.Next(lines.Length + 1);
        return lines.Length == 0 ? lines : [.. lines[..at], lines[line], .. lines[at..]];
    }

    private static string[] Swap(Random random, string[] lines)
    {
        if (lines.Length > 1)
        {
            int a = random.Next(lines.Length), b = random.Next(lines.Length);
            (lines[a], lines[b]) = (lines[b], lines[a]);
        }

        return lines;
    }

    // Lines of another rollout, whose payloads are then this one's.
    private static string[] Splice(Random random, string[] lines, string cases)
    {
        var others = Directory.GetDirectories(cases);
        Array.Sort(others, StringComparer.Ordinal);
        var other = File.ReadAllLines(Path.Join(others[random.Next(others.Length)], "bundle", "trace.jsonl"));
        var at = random.Next(lines.Length + 1);
        var from = random.Next(other.Length);
        return [.. lines[..at], .. other[from..Math.Min(other.Length, from + random.Next(1, 20))], .. lines[at..]];
    }

    // Replaces, repeats or drops something between two quotes: a member's name, an id, a value.
    private static string ChangeWord(Random random, string text)
    {
        var words = text.Split('"');
        if (words.Length < 4)
        {
            return text;
        }

        var at = random.Next(1, words.Length - 1);
        words[at] = random.Next(5) switch
        {
            0 => words[random.Next(words.Length)],
            1 => "",
            2 => "\\ud800",
            3 => words[at] + words[at],
            _ => words[random.Next(1, words.Length - 1)],
        };
        return string.Join('"', words);
    }
}
