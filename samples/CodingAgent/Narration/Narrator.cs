using CodingAgent.Agents;

namespace CodingAgent.Narration;

/// <summary>
/// Tells people what the agents do while they do it: whole lines, each with the name of its agent, so that it reads well where
/// several speak at once, and in a pipe. Safe for concurrent use.
/// </summary>
internal sealed class Narrator(TextWriter output, bool colours)
{
    private static readonly string[] Palette = ["\e[36m", "\e[33m", "\e[35m", "\e[32m"];

    private readonly Lock sync = new();
    private int agents;

    /// <summary>A piece of a message has arrived: the agent's path, and the piece.</summary>
    public event Action<string, string>? TextArrived;

    public AgentVoice For(string path)
    {
        var colour = Palette[(Interlocked.Increment(ref agents) - 1) % Palette.Length];
        var name = $"{AgentPath.NameOf(path),-9}";
        return new AgentVoice(this, path, colours ? $"{colour}{name}\e[0m" : name);
    }

    public void Line(string line = "") => Block([line]);

    /// <summary>Lines that stand together.</summary>
    public void Block(IEnumerable<string> lines)
    {
        lock (sync)
        {
            foreach (var line in lines)
            {
                output.WriteLine(line.TrimEnd());
            }

            output.Flush();
        }
    }

    public void Hear(string path, string text) => TextArrived?.Invoke(path, text);
}
