using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RolloutTrace.Replay.Tests.Server;

/// <summary>An agent in Python, which knows no more than HTTP, is run against recordings, without a key and a network.</summary>
public sealed class OtherLanguageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [PythonTheory]
    [InlineData("chat-completions", "chat", "whole")]
    [InlineData("chat-completions-stream", "chat", "stream")]
    [InlineData("responses-wire", "responses", "whole")]
    [InlineData("responses", "responses", "stream")]
    [InlineData("responses", "chat", "stream")]
    public async Task It_does_what_it_did(string recorded, string api, string how)
    {
        using var bundle = DialectTests.Recorded(recorded);
        bundle.Open();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);

        (await RunAsync(server, api, how)).ShouldBe((0, "It is warm.\n", "weather Rome\n"));
        (await RunAsync(server, api, how)).ShouldBe((0, "It is warm.\n", "weather Rome\n"), "each run has the recording from its beginning");
    }

    [PythonFact]
    public async Task From_a_given_request_on_a_live_model_answers_it()
    {
        using var bundle = DialectTests.Recorded("chat-completions");
        bundle.Open();
        await using var live = await LiveServer.StartAsync("""{"id":"l1","choices":[{"index":0,"message":{"role":"assistant","content":"It is hot."},"finish_reason":"stop"}]}""");
        await using var server = await ReplayProcess.StartAsync(bundle.Directory, "--live", live.Address.AbsoluteUri, "--from", "#2");

        (await RunAsync(server, "chat", "whole")).ShouldBe((0, "It is hot.\n", "weather Rome\n"));

        live.Asked.ShouldHaveSingleItem().Body.ShouldContain("22 degrees");
    }

    [PythonFact]
    public async Task What_was_never_asked_is_told_in_words_that_name_the_difference()
    {
        using var bundle = new TestBundle().WithTurn().Request("i1", """{"model":"m","messages":[{"role":"user","content":"How is Oslo?"}]}""").Respond("i1", """{"choices":[{"index":0,"message":{"role":"assistant","content":"Cold."}}]}""");
        bundle.Open();
        await using var server = await ReplayProcess.StartAsync(bundle.Directory);

        var (exitCode, _, errors) = await RunAsync(server, "chat", "whole");

        exitCode.ShouldBe(1);
        errors.ShouldStartWith("404: ");
        errors.ShouldContain("i1");
    }

    private static async Task<(int ExitCode, string Said, string Errors)> RunAsync(ReplayProcess server, string api, string how)
    {
        using var process = Process.Start(new ProcessStartInfo(Python.Program!, [Script(), server.Address.AbsoluteUri, api, how])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, (await said).ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
    }

    private static string Script([CallerFilePath] string file = "") => Path.Join(Path.GetDirectoryName(file), "agent.py");
}
