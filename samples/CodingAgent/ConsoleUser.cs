using System.Runtime.CompilerServices;

namespace CodingAgent;

/// <summary>The user at the terminal: a first task from the command line, the next ones when asked.</summary>
internal static class ConsoleUser
{
    public static async IAsyncEnumerable<string> TasksAsync(string first, [EnumeratorCancellation] CancellationToken end = default)
    {
        for (var task = first; !string.IsNullOrWhiteSpace(task); task = await NextAsync(end))
        {
            yield return task;
            end.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Asks for the next task; null when there is nobody to ask.</summary>
    public static async Task<string?> NextAsync(CancellationToken end)
    {
        if (Console.IsInputRedirected)
        {
            return null;
        }

        Console.Write("Next task (nothing to end): ");

        // Reading a line cannot be cancelled; it is left behind when the program ends.
        return await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(end);
    }
}
