namespace RolloutTrace.Cli.Tests.Commands;

/// <summary>How the command is asked; what it does is told by RolloutTrace.Receiver.Tests.</summary>
public sealed class CollectCommandTests
{
    [Fact]
    public void Help_IsEnoughToNeedNoManual() => Snapshot.Match(CommandLine.Run("collect", "--help").Describe());

    [Theory]
    [InlineData("--store", "collect")]
    [InlineData("--spool is missing", "collect", "--store", "s3://bucket/prefix")]
    [InlineData("--http takes an address of this machine and a port", "collect", "--store", "x", "--http", "4318")]
    [InlineData("--grpc takes an address of this machine and a port", "collect", "--store", "x", "--grpc", "::1:4317")]
    [InlineData("--http takes an address of this machine and a port", "collect", "--store", "x", "--http", "elsewhere.example:4318")]
    [InlineData("--idle takes a length of time above 0", "collect", "--store", "x", "--idle", "0s")]
    [InlineData("--idle takes a length of time such as", "collect", "--store", "x", "--idle", "half an hour")]
    [InlineData("--tls-cert and --tls-key need each other", "collect", "--store", "x", "--tls-cert", "cert.pem")]
    [InlineData("--api-key takes a key that is not empty", "collect", "--store", "x", "--api-key", "")]
    public void WrongUsage_SaysWhatIsWrong(string words, params string[] arguments)
    {
        var run = CommandLine.Run(arguments);

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain(words);
    }

    [Fact]
    public void ACertificateThatIsNone_IsSaid()
    {
        using var directory = new TestDirectory();
        File.WriteAllText(directory.Place("cert.pem"), "nothing");

        var run = CommandLine.Run("collect", "--store", directory.Place("store"), "--http", "127.0.0.1:0", "--grpc", "localhost:0", "--tls-cert", directory.Place("cert.pem"), "--tls-key", directory.Place("cert.pem"));

        run.ExitCode.ShouldBe(ExitCodes.Failure);
        run.Error.ShouldContain("are no certificate and its key");
    }
}
