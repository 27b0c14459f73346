using System.Diagnostics;
using Microsoft.Extensions.AI;
using OpenTelemetry.Trace;

namespace RolloutTrace.AgentStation;

/// <summary>
/// An agent that is known by the spans of Microsoft.Extensions.AI alone: no handle stands anywhere. It has one conversation, which later
/// questions go on with.
/// </summary>
internal sealed class StationAgent : IDisposable
{
    private readonly IChatClient client;
    private readonly List<ChatMessage> history = [];
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <param name="name">What it calls itself.</param>
    public StationAgent(string name) => client = new StationModel(name).AsBuilder()
        .UseFunctionInvocation()
        .UseOpenTelemetry(configure: static telemetry => telemetry.EnableSensitiveData = true)
        .Build();

    /// <summary>Asks it.</summary>
    /// <param name="question">The question.</param>
    /// <param name="tool">The tool that it has.</param>
    public async Task<string> AskAsync(string question, AITool tool)
    {
        await oneAtATime.WaitAsync();
        try
        {
            history.Add(new ChatMessage(ChatRole.User, question));
            var response = await client.GetResponseAsync(history, new ChatOptions { Tools = [tool] });
            history.AddRange(response.Messages);
            return response.Text;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>A tool that looks for itself; told to, it waits until somebody lets it go on, or it is the end of its process.</summary>
    /// <param name="provider">What has to be on disk before the process ends.</param>
    public static AITool Look(Func<TracerProvider> provider) => AIFunctionFactory.Create(
        async (string question) =>
        {
            if (question.StartsWith("die", StringComparison.Ordinal))
            {
                provider().ForceFlush();
                Process.GetCurrentProcess().Kill();
            }

            if (question.StartsWith("wait ", StringComparison.Ordinal))
            {
                var file = question["wait ".Length..];
                await File.WriteAllTextAsync(file + ".asked", "");
                for (var until = Environment.TickCount64 + 120_000; !File.Exists(file) && Environment.TickCount64 < until;)
                {
                    await Task.Delay(20);
                }
            }

            return "all is well";
        },
        "look",
        "Looks.");

    public void Dispose()
    {
        client.Dispose();
        oneAtATime.Dispose();
    }
}
