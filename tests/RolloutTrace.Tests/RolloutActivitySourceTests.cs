using System.Diagnostics;

namespace RolloutTrace.Tests;

public sealed class RolloutActivitySourceTests
{
    [Fact]
    public void The_source_names_itself_its_version_and_its_conventions()
    {
        var source = RolloutActivitySource.Source;

        source.Name.ShouldBe("RolloutTrace");
        source.Version.ShouldBe(typeof(RolloutActivitySource).Assembly.GetName().Version!.ToString(3));
        source.TelemetrySchemaUrl.ShouldBe(RolloutActivitySource.SchemaUrl);
    }
}
